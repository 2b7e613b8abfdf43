using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's iteration, length and membership.</summary>
static class Iteration
{
    /// <summary>The elements, each charged as it is taken.</summary>
    public static IEnumerable<object?> Of(Execution execution, object? value) => value switch
    {
        JinjaSequence sequence => Charged(execution, sequence.Items),
        DictView view => Charged(execution, view.Items),
        JinjaDict dict => Charged(execution, dict.Keys),
        MarkedString text => Characters(execution, text),
        JinjaRange range => Numbered(execution, range),
        JinjaIterator iterator => Remaining(execution, iterator),
        Undefined => [],
        _ => throw execution.Error($"'{TypeNames.Of(value)}' object is not iterable"),
    };

    public static List<object?> ToList(Execution execution, object? value) => [.. Of(execution, value)];

    public static bool IsIterable(object? value) =>
        value is JinjaSequence or DictView or JinjaDict or MarkedString or JinjaRange or JinjaIterator or Undefined;

    public static int Length(Execution execution, object? value) => value switch
    {
        JinjaSequence sequence => sequence.Items.Count,
        DictView view => view.Items.Count,
        JinjaDict dict => dict.Count,
        MarkedString text => text.CodePointCount,
        JinjaRange range => range.Count,
        LoopState loop => loop.Items.Count,
        Undefined => 0,
        _ => throw execution.Error($"object of type '{TypeNames.Of(value)}' has no len()"),
    };

    public static bool Contains(Execution execution, object? container, object? item)
    {
        switch (container)
        {
            case MarkedString text:
                if (item is not MarkedString part)
                    throw execution.Error($"'in <string>' requires string as left operand, not {TypeNames.Of(item)}");
                return TextSearch.IndexOf(execution, text.Text, part.Text, 0) >= 0;
            case JinjaDict dict:
                return dict.Contains(item);
            case JinjaRange range:
                return range.Contains(item);
            default:
                if (!IsIterable(container))
                    execution.Fail($"argument of type '{TypeNames.Of(container)}' is not iterable");
                return Of(execution, container).Any(element => Equality.AreEqual(execution, element, item));
        }
    }

    // By index: a template may append to the list it walks.
    static IEnumerable<object?> Charged(Execution execution, List<object?> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            execution.Charge(1);
            yield return items[i];
        }
    }

    static IEnumerable<object?> Charged(Execution execution, IEnumerable<object?> keys)
    {
        foreach (var key in keys.ToList())
        {
            execution.Charge(1);
            yield return key;
        }
    }

    static IEnumerable<object?> Characters(Execution execution, MarkedString text)
    {
        for (var i = 0; i < text.CodePointCount; i++)
        {
            execution.Charge(1);
            var start = text.OffsetOfCodePoint(i);
            yield return text.Slice(start, text.OffsetOfCodePoint(i + 1) - start);
        }
    }

    static IEnumerable<object?> Numbered(Execution execution, JinjaRange range)
    {
        for (var i = 0; i < range.Count; i++)
        {
            execution.Charge(1);
            yield return range[i];
        }
    }

    static IEnumerable<object?> Remaining(Execution execution, JinjaIterator iterator)
    {
        while (iterator.TryNext(out var item))
        {
            execution.Charge(1);
            yield return item;
        }
    }
}
