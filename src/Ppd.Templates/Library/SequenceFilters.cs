using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Filters over lists, dicts and other iterables. What is a generator in Jinja2 is a <see cref="JinjaIterator"/> here.</summary>
static class SequenceFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["length"] = Length,
        ["count"] = Length,
        ["first"] = First,
        ["last"] = Last,
        ["list"] = (execution, value, arguments) => Plain(execution, arguments, "list", new JinjaList(Iteration.ToList(execution, value))),
        ["items"] = Items,
        ["reverse"] = Reverse,
        ["join"] = Join,
        ["sort"] = Sort,
        ["dictsort"] = DictSort,
        ["unique"] = Unique,
        ["min"] = (execution, value, arguments) => Extreme(execution, value, arguments, "min", -1),
        ["max"] = (execution, value, arguments) => Extreme(execution, value, arguments, "max", 1),
        ["sum"] = Sum,
        ["batch"] = Batch,
        ["slice"] = Slice,
        ["groupby"] = GroupBy,
    };

    public static JinjaIterator Generator(IReadOnlyList<object?> items) => new("generator", items);

    static T Plain<T>(Execution execution, Arguments arguments, string name, T result)
    {
        arguments.Bind(execution, name);
        return result;
    }

    static object? Length(Execution execution, object? value, Arguments arguments) =>
        Plain(execution, arguments, "length", (long)Iteration.Length(execution, value));

    static object? First(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "first");
        foreach (var item in Iteration.Of(execution, value))
            return item;
        return new Undefined("No first item, sequence was empty.");
    }

    static object? Last(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "last");
        if (value is JinjaIterator)
            execution.Fail($"'{TypeNames.Of(value)}' object is not reversible");
        var items = Iteration.ToList(execution, value);
        return items.Count > 0 ? items[^1] : new Undefined("No last item, sequence was empty.");
    }

    static object? Items(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "items");
        return value switch
        {
            Undefined => Generator([]),
            JinjaDict dict => Generator(DictView.Of(execution, dict, DictViewKind.Items).Items),
            _ => throw execution.Error("Can only get item pairs from a mapping."),
        };
    }

    static object? Reverse(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "reverse");
        if (value is MarkedString text)
            return Slicing.Slice(execution, text, null, null, -1L);
        var items = Iteration.ToList(execution, value);
        items.Reverse();
        return new JinjaIterator(value is JinjaList ? "list_reverseiterator" : "reversed", items);
    }

    static object? Join(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "join", "d", "attribute");
        var separator = Printer.Str(execution, bound.Get(0, MarkedString.Empty));
        var items = Iteration.Of(execution, value);
        if (bound.Get(1) is { } attribute)
            items = items.Select(item => Subscript.Path(execution, item, attribute));
        return TextOperations.Join(execution, separator, items.Select(item => Printer.Str(execution, item)));
    }

    static object? Sort(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "sort", "reverse", "case_sensitive", "attribute");
        var order = new SortOrder(execution, bound.Flag(0, false), bound.Flag(1, false));
        var items = Iteration.ToList(execution, value);
        return new JinjaList(order.Sort(items, Keys(execution, bound.Get(2))));
    }

    // "attribute" may name several, separated by commas: the keys are then compared one after the other.
    static Func<object?, object?> Keys(Execution execution, object? attribute)
    {
        if (attribute is null)
            return item => item;
        if (attribute is not MarkedString text || !text.Text.Contains(','))
            return item => Subscript.Path(execution, item, attribute);
        var paths = text.Text.Split(',').Select(MarkedString.Trusted).ToList();
        return item => new JinjaTuple([.. paths.Select(path => Subscript.Path(execution, item, path))]);
    }

    static object? DictSort(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "dictsort", "case_sensitive", "by", "reverse");
        if (value is not JinjaDict dict)
            throw execution.Error($"'{TypeNames.Of(value)}' object has no attribute 'items'");
        var by = bound.Has(1) ? bound.Text(1).Text : "key";
        if (by is not ("key" or "value"))
            execution.Fail("dictsort() argument 'by' must be either \"key\" or \"value\"");
        var order = new SortOrder(execution, bound.Flag(2, false), bound.Flag(0, false));
        var pairs = DictView.Of(execution, dict, DictViewKind.Items).Items;
        return new JinjaList(order.Sort(pairs, pair => ((JinjaTuple)pair!).Items[by == "key" ? 0 : 1]));
    }

    static object? Unique(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "unique", "case_sensitive", "attribute");
        var order = new SortOrder(execution, false, bound.Flag(0, false));
        var seen = new HashSet<DictKey>(execution.Keys);
        var items = Iteration.Of(execution, value).Where(item => seen.Add(new DictKey(order.Key(
            bound.Get(1) is { } attribute ? Subscript.Path(execution, item, attribute) : item))));
        return Generator([.. items]);
    }

    static object? Extreme(Execution execution, object? value, Arguments arguments, string name, int wanted)
    {
        var bound = arguments.Bind(execution, name, "case_sensitive", "attribute");
        var order = new SortOrder(execution, false, bound.Flag(0, false));
        var key = Keys(execution, bound.Get(1));
        object? best = new Undefined("No aggregated item, sequence was empty.");
        object? bestKey = null;
        foreach (var item in Iteration.Of(execution, value))
        {
            var itemKey = order.Key(key(item));
            if (best is not Undefined && Math.Sign(order.CompareKeys(itemKey, bestKey)) != wanted)
                continue;
            (best, bestKey) = (item, itemKey);
        }
        return best;
    }

    static object? Sum(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "sum", "attribute", "start");
        var total = bound.Get(1, 0L);
        if (total is MarkedString)
            execution.Fail("sum() can't sum strings");
        foreach (var item in Iteration.Of(execution, value))
            total = Arithmetic.Apply(execution, "+", total, bound.Get(0) is { } attribute ? Subscript.Path(execution, item, attribute) : item);
        return total;
    }

    static object? Batch(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "batch", "linecount", "fill_with");
        bound.Required(0);
        var size = bound.Int(0, 0);
        var batches = new List<object?>();
        List<object?>? current = null;
        foreach (var item in Iteration.Of(execution, value))
        {
            if (current is null || current.Count == size)
                batches.Add(new JinjaList(current = []));
            current.Add(item);
        }
        if (current is not null && bound.Get(1) is { } fill)
        {
            execution.Charge(Math.Max(0, size - current.Count));
            current.AddRange(Enumerable.Repeat<object?>(fill, Math.Max(0, size - current.Count)));
        }
        return Generator(batches);
    }

    static object? Slice(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "slice", "slices", "fill_with");
        bound.Required(0);
        var slices = bound.Int(0, 0);
        if (slices <= 0)
            execution.Fail("slice() needs a positive number of slices");
        execution.Charge(slices);
        var items = Iteration.ToList(execution, value);
        var (perSlice, withExtra) = (items.Count / slices, items.Count % slices);
        var result = new List<object?>();
        for (int i = 0, start = 0; i < slices; i++)
        {
            var count = perSlice + (i < withExtra ? 1 : 0);
            var part = items.GetRange(start, count);
            start += count;
            if (bound.Get(1) is { } fill && i >= withExtra)
                part.Add(fill);
            result.Add(new JinjaList(part));
        }
        return Generator(result);
    }

    static object? GroupBy(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "groupby", "attribute", "default", "case_sensitive");
        var attribute = bound.Required(0);
        var order = new SortOrder(execution, false, bound.Flag(2, false));
        object? Grouper(object? item) => Subscript.Path(execution, item, attribute, bound.Get(1));
        var groups = new List<object?>();
        object? last = null;
        List<object?>? current = null;
        foreach (var item in order.Sort(Iteration.ToList(execution, value), Grouper))
        {
            var key = order.Key(Grouper(item));
            if (current is null || !Equality.AreEqual(execution, key, last))
            {
                current = [];
                groups.Add(JinjaTuple.Of(Grouper(item), new JinjaList(current)));
                last = key;
            }
            current.Add(item);
        }
        return new JinjaList(groups);
    }
}
