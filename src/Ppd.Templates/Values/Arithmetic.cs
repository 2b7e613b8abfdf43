using System.Numerics;
using Ppd.Templates.Library;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's arithmetic on numbers, and <c>+</c>, <c>*</c>, <c>%</c> on strings and lists.</summary>
static class Arithmetic
{
    public static object? Apply(Execution execution, string symbol, object? left, object? right)
    {
        Undefined.Reject(execution, left);
        Undefined.Reject(execution, right);
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return ApplyNumbers(execution, symbol, left, right);
        return (symbol, left, right) switch
        {
            ("+", MarkedString a, MarkedString b) => Markup.Add(execution, a, b),
            ("+", JinjaList a, JinjaList b) => new JinjaList(Joined(execution, a, b)),
            ("+", JinjaTuple a, JinjaTuple b) => new JinjaTuple(Joined(execution, a, b)),
            ("+", MarkedString, _) => throw execution.Error($"can only concatenate str (not \"{TypeNames.Of(right)}\") to str"),
            ("+", JinjaList, _) => throw execution.Error($"can only concatenate list (not \"{TypeNames.Of(right)}\") to list"),
            ("*", MarkedString a, _) when Numbers.TryInteger(right, out var n) => Repeated(execution, a, n),
            ("*", _, MarkedString b) when Numbers.TryInteger(left, out var n) => Repeated(execution, b, n),
            ("*", JinjaSequence a, _) when Numbers.TryInteger(right, out var n) => Repeated(execution, a, n),
            ("*", _, JinjaSequence b) when Numbers.TryInteger(left, out var n) => Repeated(execution, b, n),
            ("%", MarkedString a, _) => PercentFormat.Format(execution, a, right),
            _ => throw execution.Error($"unsupported operand type(s) for {symbol}: '{TypeNames.Of(left)}' and '{TypeNames.Of(right)}'"),
        };
    }

    public static object Negate(Execution execution, object? value, bool negative)
    {
        Undefined.Reject(execution, value);
        if (value is double number)
            return negative ? -number : number;
        if (!Numbers.TryBig(value, out var integer))
            execution.Fail($"bad operand type for unary {(negative ? '-' : '+')}: '{TypeNames.Of(value)}'");
        return Numbers.Normalise(execution, negative ? -integer : integer);
    }

    static object ApplyNumbers(Execution execution, string symbol, object left, object right)
    {
        if (left is double || right is double || symbol == "/")
            return ApplyFloats(execution, symbol, Numbers.ToDouble(left), Numbers.ToDouble(right));
        if (Numbers.TryInteger(left, out var a) && Numbers.TryInteger(right, out var b) && TryApplyLongs(execution, symbol, a, b, out var result))
            return result;
        execution.Charge(Numbers.BigSteps);
        Numbers.TryBig(left, out var bigA);
        Numbers.TryBig(right, out var bigB);
        return symbol == "**" ? Power(execution, bigA, bigB) : Numbers.Normalise(execution, symbol switch
        {
            "+" => bigA + bigB,
            "-" => bigA - bigB,
            "*" => bigA * bigB,
            "//" => FloorDivide(execution, bigA, bigB),
            _ => bigA - (FloorDivide(execution, bigA, bigB) * bigB),
        });
    }

    static bool TryApplyLongs(Execution execution, string symbol, long a, long b, out long result)
    {
        result = 0;
        if (symbol is "//" or "%")
        {
            if (b == 0)
                execution.Fail("integer division or modulo by zero");
            if (b == -1)
                return false;
            var remainder = a % b;
            // Python rounds towards minus infinity: the remainder takes the divisor's sign.
            var adjust = remainder != 0 && (remainder < 0) != (b < 0);
            result = symbol == "%" ? (adjust ? remainder + b : remainder) : (a / b) - (adjust ? 1 : 0);
            return true;
        }
        var exact = symbol switch { "+" => (Int128)a + b, "-" => (Int128)a - b, "*" => (Int128)a * b, _ => Int128.MaxValue };
        result = unchecked((long)exact);
        return exact >= long.MinValue && exact <= long.MaxValue;
    }

    static BigInteger FloorDivide(Execution execution, BigInteger a, BigInteger b)
    {
        if (b.IsZero)
            execution.Fail("integer division or modulo by zero");
        var quotient = BigInteger.DivRem(a, b, out var remainder);
        return !remainder.IsZero && (remainder.Sign < 0) != (b.Sign < 0) ? quotient - 1 : quotient;
    }

    static object Power(Execution execution, BigInteger value, BigInteger exponent)
    {
        if (exponent.Sign < 0)
            return ApplyFloats(execution, "**", (double)value, (double)exponent);
        if (BigInteger.Abs(value) > 1 && exponent * (value.GetBitLength() - 1) > Numbers.MaxBits)
            execution.Fail($"an integer of more than {Numbers.MaxBits:N0} bits is not allowed in a template");
        return value.IsZero || value.IsOne
            ? Numbers.Normalise(execution, exponent.IsZero ? 1 : value)
            : Numbers.Normalise(execution, value == BigInteger.MinusOne ? (exponent.IsEven ? 1 : -1) : BigInteger.Pow(value, (int)exponent));
    }

    static object ApplyFloats(Execution execution, string symbol, double a, double b)
    {
        if (b == 0 && symbol is ("/" or "//" or "%"))
            execution.Fail(symbol == "/" ? "division by zero" : "float floor division by zero");
        if (symbol == "**" && a == 0 && b < 0)
            execution.Fail("zero to a negative power");
        return symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor((a - Modulo(a, b)) / b + 0.5),
            "%" => Modulo(a, b),
            _ => Math.Pow(a, b),
        };
    }

    static double Modulo(double a, double b)
    {
        var remainder = a % b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    static MarkedString Repeated(Execution execution, MarkedString text, long count) =>
        new MarkedBuilder(execution).AppendRepeated(text, count).Build();

    static JinjaSequence Repeated(Execution execution, JinjaSequence sequence, long count)
    {
        if (sequence.Items.Count == 0)
            count = 0;
        execution.Charge(count > int.MaxValue ? long.MaxValue : Math.Max(0, count) * sequence.Items.Count);
        var items = new List<object?>();
        for (var i = 0L; i < count; i++)
            items.AddRange(sequence.Items);
        return sequence is JinjaTuple ? new JinjaTuple(items) : new JinjaList(items);
    }

    static List<object?> Joined(Execution execution, JinjaSequence left, JinjaSequence right)
    {
        execution.Charge(left.Items.Count + right.Items.Count);
        return [.. left.Items, .. right.Items];
    }
}
