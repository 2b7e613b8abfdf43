using System.Globalization;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>A bound of a range of numbers.</summary>
readonly record struct NumberBound(decimal Value, bool Excluded)
{
    /// <summary>Digits after the point.</summary>
    internal int Digits => Fraction.Length;

    /// <summary>The digits after the point, without zeros at the end.</summary>
    internal string Fraction => Math.Abs(Value).ToString(CultureInfo.InvariantCulture) is var text && text.IndexOf('.') is var at and >= 0 ? text[(at + 1)..].TrimEnd('0') : "";

    internal decimal Whole => decimal.Truncate(Math.Abs(Value));
}

/// <summary>Ranges of numbers as alternatives of digits.</summary>
static class NumberRange
{
    /// <summary>The whole numbers from one bound to another.</summary>
    internal static List<string> Whole(NumberBound least, NumberBound most)
    {
        var from = decimal.Ceiling(least.Value) is var up && least.Excluded && up == least.Value ? up + 1 : up;
        var to = decimal.Floor(most.Value) is var down && most.Excluded && down == most.Value ? down - 1 : down;
        List<string> alternatives = [];
        if (from < 0 && from <= to) alternatives.AddRange(Digits(Math.Max(1, -to), -from).Select(digits => $"\"-\" {digits}"));
        if (to >= 0 && from <= to) alternatives.AddRange(Digits(Math.Max(0, from), to));
        return alternatives;
    }

    /// <summary>The numbers from one bound to another with at most <paramref name="digits"/> digits after the point.</summary>
    internal static List<string> Decimal(NumberBound least, NumberBound most, int digits)
    {
        List<string> alternatives = [];
        if (least.Value > most.Value || (least.Value == most.Value && (least.Excluded || most.Excluded))) return alternatives;
        var zero = new NumberBound(0, false);
        if (least.Value < 0)
        {
            var smallest = most.Value < 0 ? new NumberBound(-most.Value, most.Excluded) : new NumberBound(0, true);
            alternatives.AddRange(Magnitudes(smallest, new NumberBound(-least.Value, least.Excluded), digits).Select(number => $"\"-\" {number}"));
        }
        if (most.Value >= 0) alternatives.AddRange(Magnitudes(least.Value >= 0 ? least : zero, most, digits));
        return alternatives;
    }

    static IEnumerable<string> Magnitudes(NumberBound least, NumberBound most, int digits)
    {
        if (least.Whole == most.Whole) return Numbers(least.Whole, DigitTail.Between(least.Fraction, least.Excluded, most.Fraction, most.Excluded, digits));
        List<string> numbers = [.. Numbers(least.Whole, DigitTail.AtLeast(least.Fraction, least.Excluded, digits))];
        if (most.Whole - least.Whole > 1) numbers.AddRange(Digits(least.Whole + 1, most.Whole - 1).Select(whole => $"{whole} (\".\" [0-9]{{1,{digits}}})?"));
        return [.. numbers, .. Numbers(most.Whole, DigitTail.AtMost(most.Fraction, most.Excluded, digits))];
    }

    static IEnumerable<string> Numbers(decimal whole, DigitTail fraction)
    {
        var digits = whole.ToString("0", CultureInfo.InvariantCulture);
        if (fraction.MayBeEmpty) yield return Gbnf.Literal(digits);
        foreach (var tail in fraction.Tails) yield return $"{Gbnf.Literal(digits + ".")} {tail}";
    }

    /// <summary>Whole numbers without sign, by their number of digits.</summary>
    static IEnumerable<string> Digits(decimal from, decimal to)
    {
        var (first, last) = (from.ToString("0", CultureInfo.InvariantCulture), to.ToString("0", CultureInfo.InvariantCulture));
        if (first.Length == last.Length) return Between(first, last);
        List<string> alternatives = [.. Between(first, new string('9', first.Length))];
        if (last.Length - first.Length > 1) alternatives.Add($"[1-9] [0-9]{{{first.Length},{last.Length - 2}}}");
        alternatives.AddRange(Between("1" + new string('0', last.Length - 1), last));
        return alternatives;
    }

    // texts of equally many digits
    static IEnumerable<string> Between(string first, string last)
    {
        if (first == last) return [Gbnf.Literal(first)];
        if (first.TrimStart('0').Length == 0 && last.TrimStart('9').Length == 0) return [$"[0-9]{{{first.Length}}}"];
        if (first[0] == last[0]) return Between(first[1..], last[1..]).Select(rest => $"\"{first[0]}\" {rest}");
        if (first.Length == 1) return [Gbnf.Set(CharSet.Of([(first[0], last[0])]))];
        var (rest, low, high) = (first.Length - 1, first[0], last[0]);
        var (nines, zeros) = (new string('9', rest), new string('0', rest));
        List<string> alternatives = [];
        if (first[1..] != zeros) alternatives.AddRange(Between(first[1..], nines).Select(tail => $"\"{first[0]}\" {tail}"));
        if (last[1..] != nines) alternatives.AddRange(Between(zeros, last[1..]).Select(tail => $"\"{last[0]}\" {tail}"));
        if (first[1..] != zeros) low++;
        if (last[1..] != nines) high--;
        if (low <= high) alternatives.Add($"{Gbnf.Set(CharSet.Of([(low, high)]))} [0-9]{{{rest}}}");
        return alternatives;
    }
}
