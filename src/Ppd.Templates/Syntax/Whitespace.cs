namespace Ppd.Templates.Syntax;

/// <summary>Whitespace as Python's <c>str.isspace</c> has it: .NET's, and the four ASCII separators.</summary>
static class Whitespace
{
    public static bool Is(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    public static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!Is(c))
                return false;
        }
        return true;
    }

    public static int Skip(string text, int position)
    {
        while (position < text.Length && Is(text[position]))
            position++;
        return position;
    }

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>Where the text goes on after a block or comment that closes at <paramref name="position"/> with <paramref name="sign"/>.</summary>
    public static int AfterTag(string text, int position, char sign) => sign switch
    {
        '-' => Skip(text, position),
        '+' => position,
        _ => position < text.Length && text[position] == '\n' ? position + 1 : position,
    };
}
