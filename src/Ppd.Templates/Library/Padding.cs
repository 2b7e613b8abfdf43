using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Fills text up to a width in characters.</summary>
static class Padding
{
    /// <summary><paramref name="alignment"/> is <c>&lt;</c>, <c>&gt;</c> or <c>^</c>, as in a format specification.</summary>
    public static MarkedString Pad(Execution execution, MarkedString text, int width, char alignment, MarkedString fill)
    {
        var missing = Math.Max(0, width - text.CodePointCount);
        return Surround(execution, text, alignment switch { '<' => 0, '>' => missing, _ => missing / 2 }, missing, fill);
    }

    /// <summary>Python's <c>str.center</c>, which puts an odd character left in odd widths, unlike <c>^</c>.</summary>
    public static MarkedString Center(Execution execution, MarkedString text, int width, MarkedString fill)
    {
        var missing = Math.Max(0, width - text.CodePointCount);
        return Surround(execution, text, (missing / 2) + (missing & width & 1), missing, fill);
    }

    static MarkedString Surround(Execution execution, MarkedString text, int before, int missing, MarkedString fill)
    {
        if (missing == 0)
            return text;
        return new MarkedBuilder(execution).AppendRepeated(fill, before).Append(text).AppendRepeated(fill, missing - before).Build();
    }
}
