using System.Globalization;
using System.Numerics;

namespace Ppd.Templates.Library;

/// <summary>
/// A float with a fixed number of decimals, correctly rounded from its exact binary value, half to even, as C and Python do. .NET's "F" format
/// rounds half away from zero.
/// </summary>
static class FixedPoint
{
    public static string Format(double value, int decimals)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffffL;
        var shift = exponent == 0 ? -1074 : exponent - 1075;
        var numerator = (BigInteger)(exponent == 0 ? mantissa : mantissa | (1L << 52)) * BigInteger.Pow(10, decimals);
        var scaled = shift >= 0 ? numerator << shift : RoundedShift(numerator, -shift);
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = bits < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    static BigInteger RoundedShift(BigInteger value, int shift)
    {
        var quotient = value >> shift;
        var remainder = value - (quotient << shift);
        var half = BigInteger.One << (shift - 1);
        return remainder > half || (remainder == half && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
