using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>A position in a format string, shared by both kinds of formatting.</summary>
sealed class FormatReader(Execution execution, MarkedString format)
{
    const int MaxWidth = 1 << 28;

    public int Position { get; set; }

    public bool AtEnd => Position >= format.Length;

    public char Current => AtEnd ? '\0' : format.Text[Position];

    public char Next()
    {
        if (AtEnd)
            execution.Fail("incomplete format");
        return format.Text[Position++];
    }

    public bool Skip(char c)
    {
        if (Current != c || AtEnd)
            return false;
        Position++;
        return true;
    }

    /// <summary>A decimal number, or null when there is none.</summary>
    public int? Number()
    {
        var start = Position;
        var value = 0;
        for (; char.IsAsciiDigit(Current); Position++)
            value = (int)Math.Min(MaxWidth, (value * 10L) + Current - '0');
        return Position > start ? value : null;
    }
}
