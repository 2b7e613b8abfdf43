using System.Text.Json;

namespace Ppd.Chat.Tools;

/// <summary>JSON inside of other text.</summary>
static class JsonText
{
    /// <summary>Length of the JSON value the text starts with; 0 if it is not complete, -1 if no value starts here. What is inside is not checked.</summary>
    internal static int LengthOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return 0;
        if (text[0] is not ('{' or '[' or '"')) return LengthOfScalar(text);
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    var end = EndOfString(text, i + 1);
                    if (end < 0) return 0;
                    i = end;
                    break;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    depth--;
                    break;
            }
            if (depth == 0) return i + 1;
        }
        return 0;
    }

    internal static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(text);
            return HasWholeStrings(value);
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    static int EndOfString(ReadOnlySpan<char> text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '"') return at;
            if (text[at] == '\\') at++;
        }
        return -1;
    }

    // numbers, true, false, null: known to be complete when something else follows
    static int LengthOfScalar(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '+' or '-' or '.')) length++;
        return length == 0 ? -1 : length == text.Length ? 0 : length;
    }

    // Escapes can name half a surrogate pair, which JSON allows and strings of .NET made from it do not survive.
    static bool HasWholeStrings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(p => IsWhole(() => p.Name) && HasWholeStrings(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(HasWholeStrings),
        JsonValueKind.String => IsWhole(() => value.GetString()),
        _ => true,
    };

    static bool IsWhole(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
