using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>A Python list or tuple.</summary>
abstract class JinjaSequence(List<object?> items)
{
    public List<object?> Items { get; } = items;
}

sealed class JinjaList(List<object?> items) : JinjaSequence(items);

sealed class JinjaTuple(List<object?> items) : JinjaSequence(items)
{
    public static JinjaTuple Of(params object?[] items) => new([.. items]);
}

/// <summary>A Python dict: keeps insertion order.</summary>
sealed class JinjaDict(Execution execution)
{
    readonly OrderedDictionary<DictKey, object?> _entries = new(execution.Keys);

    public int Count => _entries.Count;

    public IEnumerable<KeyValuePair<object?, object?>> Entries => _entries.Select(e => KeyValuePair.Create(e.Key.Value, e.Value));

    public IEnumerable<object?> Keys => _entries.Keys.Select(k => k.Value);

    public IEnumerable<object?> Values => _entries.Values;

    public object? this[object? key]
    {
        set => _entries[new DictKey(key)] = value;
    }

    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(new DictKey(key), out value);

    public bool Contains(object? key) => _entries.ContainsKey(new DictKey(key));

    public bool Remove(object? key, out object? value) => _entries.Remove(new DictKey(key), out value);

    public void Clear() => _entries.Clear();
}

enum DictViewKind
{
    Keys,
    Values,
    Items,
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dict return: has a length and can be walked, but not indexed.</summary>
sealed class DictView(DictViewKind kind, List<object?> items)
{
    public DictViewKind Kind { get; } = kind;

    public List<object?> Items { get; } = items;

    public static DictView Of(Execution execution, JinjaDict dict, DictViewKind kind)
    {
        execution.Charge(dict.Count);
        return new DictView(kind, kind switch
        {
            DictViewKind.Keys => [.. dict.Keys],
            DictViewKind.Values => [.. dict.Values],
            _ => [.. dict.Entries.Select(e => JinjaTuple.Of(e.Key, e.Value))],
        });
    }
}

/// <summary>A Python range: never stored element by element.</summary>
sealed record JinjaRange(long Start, long Stop, long Step, int Count)
{
    public long this[int index] => Start + (index * Step);

    public bool Contains(object? value) =>
        Numbers.TryInteger(value, out var integer) && integer >= Math.Min(Start, Stop) && integer <= Math.Max(Start, Stop)
        && Count > 0 && (integer - Start) % Step == 0 && (integer - Start) / Step is var index && index >= 0 && index < Count;
}

/// <summary>
/// A Python generator or iterator, as most filters return: can be walked once, has no length and no JSON form. The elements are made at
/// once; only the walking is lazy.
/// </summary>
sealed class JinjaIterator(string typeName, IReadOnlyList<object?> items)
{
    int _position;

    public string TypeName { get; } = typeName;

    public bool TryNext(out object? item)
    {
        item = _position < items.Count ? items[_position] : null;
        return _position++ < items.Count;
    }
}

/// <summary>The object <c>namespace(...)</c> makes: the one thing a template may assign attributes of.</summary>
sealed class JinjaNamespace
{
    public Dictionary<string, object?> Attributes { get; } = [];
}
