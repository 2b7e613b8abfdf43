using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Fills text up to a width in characters.</summary>
static class Padding
{
    /// <summary><paramref name="alignment"/> is <c>&lt;</c>, <c>&gt;</c> or <c>^</c>, as in a format specification.</summary>
    public static MarkedString Pad(Execution execution, MarkedString text, int width, char alignment, MarkedString fill)
    {
        var missing = width - text.CodePointCount;
        if (missing <= 0)
            return text;
        var before = alignment switch { '<' => 0, '>' => missing, _ => missing / 2 };
        return new MarkedBuilder(execution).AppendRepeated(fill, before).Append(text).AppendRepeated(fill, missing - before).Build();
    }
}
