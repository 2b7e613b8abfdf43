using System.Globalization;
using System.Numerics;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>
/// One conversion of <c>%</c> formatting or <c>str.format</c>: fill, alignment, sign, width, grouping, precision and type, in the terms of
/// Python's format specification.
/// </summary>
sealed record FormatSpec
{
    public MarkedString Fill { get; init; } = MarkedString.Trusted(" ");

    /// <summary><c>&lt;</c>, <c>&gt;</c>, <c>^</c>, <c>=</c> (after the sign), or NUL for the type's own.</summary>
    public char Alignment { get; init; }

    public char Sign { get; init; } = '-';

    public bool Alternate { get; init; }

    public int Width { get; init; }

    public char Grouping { get; init; }

    public int? Precision { get; init; }

    /// <summary>The type letter, or NUL when none is given.</summary>
    public char Type { get; init; }

    public MarkedString Apply(Execution execution, object? value)
    {
        if (Precision > 1_000 && Numbers.IsNumber(value))
            execution.Fail($"a precision of {Precision} is not allowed; at most 1000");
        if (Numbers.IsNumber(value))
            return ApplyNumber(execution, value);
        if (Type is not ('s' or '\0'))
            execution.Fail($"unknown format code '{Type}' for object of type '{TypeNames.Of(value)}'");
        return ApplyText(execution, Printer.Str(execution, value));
    }

    public MarkedString ApplyText(Execution execution, MarkedString text)
    {
        if (Precision is { } precision && precision < text.CodePointCount)
            text = execution.Slice(text, 0, text.OffsetOfCodePoint(precision));
        return Padding.Pad(execution, text, Width, Alignment is '\0' or '=' ? '<' : Alignment, Fill);
    }

    MarkedString ApplyNumber(Execution execution, object? value)
    {
        var (negative, prefix, digits) = Type switch
        {
            '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b' or 'c' when Numbers.TryBig(value, out var integer) => FormatInteger(execution, integer),
            '\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%' when Numbers.IsNumber(value) => FormatFloat(Numbers.ToDouble(value)),
            _ => throw execution.Error($"unknown format code '{Type}' for object of type '{TypeNames.Of(value)}'"),
        };
        if (Grouping != '\0')
            digits = Grouped(digits);
        var sign = negative ? "-" : Sign == '-' ? "" : Sign.ToString();
        if (Alignment != '=')
            return Padding.Pad(execution, MarkedString.Trusted(sign + prefix + digits), Width, Alignment == '\0' ? '>' : Alignment, Fill);
        var padded = Padding.Pad(execution, MarkedString.Trusted(digits), Width - sign.Length - prefix.Length, '>', Fill);
        return new MarkedBuilder(execution).Append(sign + prefix).Append(padded).Build();
    }

    (bool, string, string) FormatInteger(Execution execution, BigInteger value)
    {
        execution.ChargeScan(Numbers.MaxBits / 32);
        var magnitude = BigInteger.Abs(value);
        switch (Type)
        {
            case 'c':
                if (value < 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
                    execution.Fail("%c needs a Unicode character number");
                return (false, "", char.ConvertFromUtf32((int)value));
            case 'x' or 'X':
                var hex = magnitude.ToString("x", CultureInfo.InvariantCulture).TrimStart('0') is { Length: > 0 } digits ? digits : "0";
                return (value.Sign < 0, Alternate ? "0" + Type : "", Type == 'X' ? hex.ToUpperInvariant() : hex);
            case 'o' or 'b':
                return (value.Sign < 0, Alternate ? "0" + Type : "", InPowerOfTwo(magnitude, Type == 'o' ? 3 : 1));
            default:
                return (value.Sign < 0, "", magnitude.ToString(CultureInfo.InvariantCulture));
        }
    }

    static string InPowerOfTwo(BigInteger value, int bits)
    {
        var digits = new Stack<char>();
        do
        {
            digits.Push((char)('0' + (int)(value & ((1 << bits) - 1))));
            value >>= bits;
        }
        while (!value.IsZero);
        return new string([.. digits]);
    }

    (bool, string, string) FormatFloat(double value)
    {
        var magnitude = Math.Abs(value);
        var negative = double.IsNegative(value) && !double.IsNaN(value);
        var text = !double.IsFinite(value) ? Numbers.Format(magnitude) : char.ToLowerInvariant(Type) switch
        {
            '\0' when Precision is null => Numbers.Format(magnitude),
            'f' => FixedPoint.Format(magnitude, Precision ?? 6),
            '%' => FixedPoint.Format(magnitude * 100, Precision ?? 6) + "%",
            'e' => Exponential(magnitude, Precision ?? 6),
            _ => General(magnitude, Math.Max(1, Precision ?? 6)),
        };
        return (negative, "", Type is 'E' or 'F' or 'G' ? text.ToUpperInvariant() : text);
    }

    static string Exponential(double value, int decimals)
    {
        var text = value.ToString("e" + decimals, CultureInfo.InvariantCulture);
        var at = text.IndexOf('e');
        return $"{text[..at]}e{text[at + 1]}{int.Parse(text.AsSpan(at + 2), CultureInfo.InvariantCulture):00}";
    }

    string General(double value, int precision)
    {
        var exponential = Exponential(value, precision - 1);
        var at = exponential.IndexOf('e');
        var exponent = int.Parse(exponential.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var isFixed = exponent >= -4 && exponent < precision;
        var mantissa = isFixed ? FixedPoint.Format(value, precision - 1 - exponent) : exponential[..at];
        if (!Alternate && mantissa.Contains('.'))
            mantissa = mantissa.TrimEnd('0').TrimEnd('.');
        // Without a type Python keeps one decimal, so that a float still looks like one.
        if (isFixed && Type == '\0' && !mantissa.Contains('.'))
            mantissa += ".0";
        return isFixed ? mantissa : mantissa + exponential[at..];
    }

    string Grouped(string digits)
    {
        var whole = digits.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end && end >= 0 ? end : digits.Length;
        for (var at = whole - 3; at > 0; at -= 3)
            digits = digits.Insert(at, Grouping.ToString());
        return digits;
    }
}
