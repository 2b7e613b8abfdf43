using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary><c>find</c>, <c>index</c>, their counterparts from the end, and <c>count</c>; positions are code points.</summary>
static class TextPositions
{
    public static object? Find(Execution execution, MarkedString text, Arguments arguments, string name)
    {
        var (pattern, within, offset) = Scope(execution, text, arguments, name);
        var found = name[0] == 'r'
            ? TextSearch.LastIndexOf(execution, within.Text, pattern.Text)
            : TextSearch.IndexOf(execution, within.Text, pattern.Text, 0);
        if (found < 0 && name.EndsWith("index", StringComparison.Ordinal))
            execution.Fail("substring not found");
        return found < 0 ? -1L : (long)text.CodePointAtOffset(offset + found);
    }

    public static object? Count(Execution execution, MarkedString text, Arguments arguments)
    {
        var (pattern, within, _) = Scope(execution, text, arguments, "count");
        if (pattern.Length == 0)
            return within.CodePointCount + 1L;
        var count = 0L;
        for (var at = 0; (at = TextSearch.IndexOf(execution, within.Text, pattern.Text, at)) >= 0; at += pattern.Length)
            count++;
        return count;
    }

    static (MarkedString Pattern, MarkedString Within, int Offset) Scope(
        Execution execution, MarkedString text, Arguments arguments, string name)
    {
        var bound = arguments.Bind(execution, name, "sub", "start", "end");
        if (!bound.Has(1) && !bound.Has(2))
            return (bound.Text(0), text, 0);
        var within = (MarkedString)Slicing.Slice(execution, text, bound.Get(1), bound.Get(2), null)!;
        var start = bound.Get(1) is null ? 0L : bound.Int(1, 0);
        var first = (int)Math.Clamp(start < 0 ? start + text.CodePointCount : start, 0, text.CodePointCount);
        return (bound.Text(0), within, text.OffsetOfCodePoint(first));
    }
}
