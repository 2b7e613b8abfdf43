using System.Numerics;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's <c>==</c>. Charged and depth-guarded: values a template builds can be deep, and shared parts make them larger than memory.</summary>
static class Equality
{
    public static bool AreEqual(Execution execution, object? left, object? right)
    {
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return NumbersEqual(left, right);
        switch (left, right)
        {
            case (MarkedString a, MarkedString b):
                if (a.Length != b.Length)
                    return false;
                execution.ChargeScan(a.Length);
                return a.Text == b.Text;
            case (JinjaList a, JinjaList b):
                return SequencesEqual(execution, a, b);
            case (JinjaTuple a, JinjaTuple b):
                return SequencesEqual(execution, a, b);
            case (JinjaDict a, JinjaDict b):
                return DictsEqual(execution, a, b);
            case (Undefined, Undefined):
                return true;
            default:
                return Equals(left, right);
        }
    }

    static bool NumbersEqual(object left, object right)
    {
        if (left is double || right is double)
        {
            if (Numbers.TryBig(left, out var integer) || Numbers.TryBig(right, out integer))
            {
                var number = left is double d ? d : (double)right;
                return double.IsFinite(number) && number == Math.Floor(number) && new BigInteger(number) == integer;
            }
            return (double)left == (double)right;
        }
        return Numbers.TryInteger(left, out var a) && Numbers.TryInteger(right, out var b)
            ? a == b
            : Numbers.TryBig(left, out var bigA) && Numbers.TryBig(right, out var bigB) && bigA == bigB;
    }

    static bool SequencesEqual(Execution execution, JinjaSequence left, JinjaSequence right)
    {
        if (left.Items.Count != right.Items.Count)
            return false;
        execution.Enter();
        for (var i = 0; i < left.Items.Count; i++)
        {
            execution.Charge(1);
            if (!AreEqual(execution, left.Items[i], right.Items[i]))
            {
                execution.Leave();
                return false;
            }
        }
        execution.Leave();
        return true;
    }

    static bool DictsEqual(Execution execution, JinjaDict left, JinjaDict right)
    {
        if (left.Count != right.Count)
            return false;
        execution.Enter();
        var equal = true;
        foreach (var (key, value) in left.Entries)
        {
            execution.Charge(1);
            if (!right.TryGet(key, out var other) || !AreEqual(execution, value, other))
            {
                equal = false;
                break;
            }
        }
        execution.Leave();
        return equal;
    }
}
