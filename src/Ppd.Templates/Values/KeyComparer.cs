using System.Numerics;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>A dict key: wraps the value because None is a key too.</summary>
readonly record struct DictKey(object? Value);

/// <summary>Python's equality of keys: 1, 1.0 and True are the same key. Charged to the render, since tuples as keys can be large.</summary>
sealed class KeyComparer(Execution execution) : IEqualityComparer<DictKey>
{
    public bool Equals(DictKey x, DictKey y) => Equality.AreEqual(execution, x.Value, y.Value);

    public int GetHashCode(DictKey key) => Hash(key.Value);

    // HashCode.Combine is seeded per process: a template cannot prepare colliding integers.
    int Hash(object? value) => value switch
    {
        null => 0,
        MarkedString text => HashText(text),
        bool flag => HashCode.Combine(flag ? 1L : 0L),
        long number => HashCode.Combine(number),
        BigInteger number => HashCode.Combine(number),
        double number => HashDouble(number),
        JinjaTuple tuple => HashTuple(tuple),
        JinjaList or JinjaDict => throw execution.Error($"unhashable type: '{TypeNames.Of(value)}'"),
        _ => value.GetHashCode(),
    };

    int HashText(MarkedString text)
    {
        execution.ChargeScan(text.Length);
        return text.GetHashCode();
    }

    static int HashDouble(double number)
    {
        if (number != Math.Floor(number) || double.IsInfinity(number))
            return HashCode.Combine(number);
        return Math.Abs(number) < long.MaxValue ? HashCode.Combine((long)number) : HashCode.Combine(new BigInteger(number));
    }

    int HashTuple(JinjaTuple tuple)
    {
        execution.Enter();
        var hash = new HashCode();
        foreach (var item in tuple.Items)
            hash.Add(Hash(item));
        execution.Leave();
        return hash.ToHashCode();
    }
}
