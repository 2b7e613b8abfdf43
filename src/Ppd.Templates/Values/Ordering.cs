using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's <c>&lt;</c> and friends: numbers with numbers, strings by code point, lists and tuples element by element.</summary>
static class Ordering
{
    /// <summary>
    /// Negative, zero or positive; null when either is NaN. <paramref name="symbol"/> is the operator to name when the types do not compare.
    /// </summary>
    public static int? Compare(Execution execution, object? left, object? right, string symbol)
    {
        Undefined.Reject(execution, left);
        Undefined.Reject(execution, right);
        switch (left, right)
        {
            case (MarkedString a, MarkedString b):
                execution.ChargeScan(Math.Min(a.Length, b.Length));
                return CompareText(a.Text, b.Text);
            case (JinjaList a, JinjaList b):
                return CompareItems(execution, a, b, symbol);
            case (JinjaTuple a, JinjaTuple b):
                return CompareItems(execution, a, b, symbol);
        }
        if (!Numbers.IsNumber(left) || !Numbers.IsNumber(right))
            execution.Fail($"'{symbol}' not supported between instances of '{TypeNames.Of(left)}' and '{TypeNames.Of(right)}'");
        if (left is double || right is double)
        {
            var (a, b) = (Numbers.ToDouble(left), Numbers.ToDouble(right));
            return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
        }
        Numbers.TryBig(left, out var bigA);
        Numbers.TryBig(right, out var bigB);
        return bigA.CompareTo(bigB);
    }

    static int CompareText(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[common], right[common]);
        // A surrogate stands for a code point above U+FFFF, so it is the greater whatever the other unit.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    static int? CompareItems(Execution execution, JinjaSequence left, JinjaSequence right, string symbol)
    {
        execution.Enter();
        var count = Math.Min(left.Items.Count, right.Items.Count);
        for (var i = 0; i < count; i++)
        {
            execution.Charge(1);
            if (Equality.AreEqual(execution, left.Items[i], right.Items[i]))
                continue;
            var order = Compare(execution, left.Items[i], right.Items[i], symbol);
            execution.Leave();
            return order;
        }
        execution.Leave();
        return left.Items.Count.CompareTo(right.Items.Count);
    }
}
