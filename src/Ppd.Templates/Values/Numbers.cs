using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's numbers: integers without bound (long here, BigInteger beyond it), floats, and bool as 0 and 1.</summary>
static class Numbers
{
    /// <summary>Integers beyond this many bits are refused, so that one operation on them stays worth <see cref="BigSteps"/>.</summary>
    public const int MaxBits = 4_096;

    /// <summary>Steps charged for one operation beyond 64 bits.</summary>
    public const int BigSteps = 100;

    public static bool IsNumber([NotNullWhen(true)] object? value) => value is long or double or bool or BigInteger;

    public static bool TryInteger(object? value, out long integer)
    {
        integer = value switch { long number => number, true => 1, _ => 0 };
        return value is long or bool;
    }

    public static bool TryBig(object? value, out BigInteger integer)
    {
        integer = value is BigInteger big ? big : TryInteger(value, out var small) ? small : 0;
        return value is long or bool or BigInteger;
    }

    public static double ToDouble(object? value) => value switch
    {
        double number => number,
        BigInteger number => (double)number,
        _ => TryInteger(value, out var integer) ? integer : double.NaN,
    };

    public static object Normalise(Execution execution, BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
            return (long)value;
        if (value.GetBitLength() > MaxBits)
            execution.Fail($"an integer of more than {MaxBits:N0} bits is not allowed in a template");
        return value;
    }

    /// <summary>Python's repr of a float: the shortest text that reads back equal, with ".0" when whole and an exponent beyond 1e16 or below 1e-4.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        // "E16" would not be shortest; "R" is, and only its layout differs from Python's.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var exponentAt = text.IndexOf('E');
        var mantissa = (exponentAt < 0 ? text : text[..exponentAt]).TrimStart('-');
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = point < 0 ? mantissa : whole + mantissa[(point + 1)..];
        var digits = all.TrimStart('0');
        // Position of the decimal point relative to the first significant digit.
        var scale = whole.Length + exponent - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        if (digits.Length == 0)
            return sign + "0.0";
        if (scale is > -4 and <= 16)
            return sign + Fixed(digits, scale);
        var tail = digits.Length > 1 ? "." + digits[1..] : "";
        var power = scale - 1;
        return $"{sign}{digits[0]}{tail}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}";
    }

    public static string Format(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    static string Fixed(string digits, int scale)
    {
        if (scale <= 0)
            return "0." + new string('0', -scale) + digits;
        return digits.Length <= scale ? digits.PadRight(scale, '0') + ".0" : digits[..scale] + "." + digits[scale..];
    }
}
