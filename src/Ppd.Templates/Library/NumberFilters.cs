using System.Globalization;
using System.Numerics;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Filters that make or take numbers.</summary>
static class NumberFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["int"] = Int,
        ["float"] = Float,
        ["abs"] = Abs,
        ["round"] = Round,
    };

    static object? Int(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "int", "default", "base");
        Undefined.Reject(execution, value);
        var absent = bound.Get(0, 0L);
        switch (value)
        {
            case double number:
                return double.IsFinite(number) ? Numbers.Normalise(execution, new BigInteger(number)) : absent;
            case MarkedString text:
                return ParseInt(execution, text.Text, bound.Int(1, 10)) ?? (TryFloat(text.Text, out var parsed) && double.IsFinite(parsed)
                    ? Numbers.Normalise(execution, new BigInteger(parsed))
                    : absent);
            default:
                return Numbers.TryBig(value, out var integer) ? Numbers.Normalise(execution, integer) : absent;
        }
    }

    static object? ParseInt(Execution execution, string text, int radix)
    {
        text = text.Trim().Replace("_", "");
        execution.ChargeScan(text.Length);
        if (radix == 10)
        {
            return text.Length <= Numbers.MaxBits / 4
                && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                    ? Numbers.Normalise(execution, integer)
                    : null;
        }
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('+', '-').ToLowerInvariant();
        var prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => "" };
        if (prefix.Length > 0 && digits.StartsWith(prefix, StringComparison.Ordinal))
            digits = digits[2..];
        if (digits.Length is 0 or > Numbers.MaxBits / 6)
            return null;
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterLower(c) ? c - 'a' + 10 : int.MaxValue;
            if (digit >= radix)
                return null;
            value = (value * radix) + digit;
        }
        return Numbers.Normalise(execution, negative ? -value : value);
    }

    static object? Float(Execution execution, object? value, Arguments arguments)
    {
        var absent = arguments.Bind(execution, "float", "default").Get(0, 0.0);
        Undefined.Reject(execution, value);
        if (value is MarkedString text)
            return TryFloat(text.Text, out var parsed) ? parsed : absent;
        return Numbers.IsNumber(value) ? Numbers.ToDouble(value) : absent;
    }

    static bool TryFloat(string text, out double number)
    {
        text = text.Trim().Replace("_", "");
        var special = text.TrimStart('+', '-').ToLowerInvariant();
        if (special is "inf" or "infinity" or "nan")
        {
            number = special == "nan" ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out number);
    }

    static object? Abs(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "abs");
        Undefined.Reject(execution, value);
        if (value is double number)
            return Math.Abs(number);
        if (!Numbers.TryBig(value, out var integer))
            execution.Fail($"bad operand type for abs(): '{TypeNames.Of(value)}'");
        return Numbers.Normalise(execution, BigInteger.Abs(integer));
    }

    static object? Round(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "round", "precision", "method");
        Undefined.Reject(execution, value);
        if (!Numbers.IsNumber(value))
            execution.Fail($"type {TypeNames.Of(value)} doesn't define __round__ method");
        var (number, precision) = (Numbers.ToDouble(value), Math.Clamp(bound.Int(0, 0), -308, 308));
        var method = bound.Has(1) ? bound.Text(1).Text : "common";
        var factor = Math.Pow(10, precision);
        switch (method)
        {
            case "common":
                return value is double ? RoundHalfEven(number, precision) : RoundInteger(execution, value, precision);
            case "ceil":
                return Math.Ceiling(number * factor) / factor;
            case "floor":
                return Math.Floor(number * factor) / factor;
            default:
                throw execution.Error("round() argument 'method' must be common, ceil or floor");
        }
    }

    // An integer stays one, rounded only when decimals before the point are asked for.
    static object RoundInteger(Execution execution, object? value, int precision)
    {
        Numbers.TryBig(value, out var integer);
        if (precision >= 0)
            return Numbers.Normalise(execution, integer);
        var unit = BigInteger.Pow(10, -precision);
        var quotient = BigInteger.DivRem(BigInteger.Abs(integer), unit, out var remainder);
        var up = (remainder * 2).CompareTo(unit) is var half && (half > 0 || (half == 0 && !quotient.IsEven));
        return Numbers.Normalise(execution, (up ? quotient + 1 : quotient) * unit * integer.Sign);
    }

    // Python rounds the exact binary value, half to even; decimal text of enough digits shows that value.
    static double RoundHalfEven(double number, int precision)
    {
        if (!double.IsFinite(number) || precision > 15)
            return number;
        if (precision < 0)
            return Math.Round(number / Math.Pow(10, -precision), MidpointRounding.ToEven) * Math.Pow(10, -precision);
        return Math.Abs(number) < 1e15 ? double.Parse(FixedPoint.Format(number, precision), CultureInfo.InvariantCulture) : number;
    }
}
