using System.Globalization;

namespace Ppd.Chat.Schemas;

/// <summary>Numbers, digit by digit between their bounds. Bounded numbers are written without an exponent.</summary>
sealed class NumberRules(RuleSet rules, SchemaNode node, bool wholeNumbers)
{
    const int MostDigits = 16;          // of the whole part
    const int FractionDigits = 8;       // of bounded numbers, beyond the digits of the bounds
    const decimal Largest = 9_999_999_999_999_999;
    const double BeyondAll = 1e116;     // no number written without bounds is as large

    static readonly Dictionary<string, (decimal Least, decimal Most)?> Formats = new()
    {
        ["int32"] = (int.MinValue, int.MaxValue),
        ["int64"] = (-Largest, Largest),
        ["uint32"] = (0, uint.MaxValue),
        ["uint64"] = (0, Largest),
        ["int16"] = (short.MinValue, short.MaxValue),
        ["uint8"] = (0, byte.MaxValue),
        ["float"] = null,
        ["double"] = null,
        ["decimal"] = null,
    };

    /// <summary>Whether a format is one of numbers.</summary>
    internal static bool IsFormat(string? format) => format != null && Formats.ContainsKey(format);

    /// <summary>Any number.</summary>
    internal static string Any(RuleSet rules, bool wholeNumbers)
    {
        var whole = rules.Add("integer", $"\"-\"? (\"0\" | [1-9] [0-9]{{0,{MostDigits - 1}}})");
        return wholeNumbers ? whole : rules.Add("number", $"{whole} (\".\" [0-9]{{1,{MostDigits}}})? ([eE] [+\\-]? [0-9]{{1,2}})?");
    }

    internal string Write(string hint)
    {
        var (least, most) = (Bound("minimum", "exclusiveMinimum"), Bound("maximum", "exclusiveMaximum"));
        if (node.Text("format") is { } format && Format(format) is { } range)
            (least, most) = (Tighter(least, range.Least, (a, b) => a > b), Tighter(most, range.Most, (a, b) => a < b));
        var (digits, zeros) = Step();
        if (least == null && most == null && digits == null && zeros == 0) return Any(rules, wholeNumbers);
        if (zeros > 0) return Multiples(least, most, zeros, hint);
        var lower = least ?? new NumberBound(-Largest, false);
        var upper = most ?? new NumberBound(Largest, false);
        var numbers = digits == 0 ? NumberRange.Whole(lower, upper) : NumberRange.Decimal(lower, upper, digits ?? FractionDigits + Math.Max(lower.Digits, upper.Digits));
        return numbers.Count > 0 ? rules.Add(hint, string.Join(" | ", numbers)) : throw new PpdSchemaException("minimum", node.Pointer, "and maximum leave no number");
    }

    (decimal Least, decimal Most)? Format(string format) => Formats.TryGetValue(format, out var range)
        ? wholeNumbers ? range : null
        : throw new PpdSchemaException("format", node.Pointer, $"is '{format}', which is not known for numbers; known are {string.Join(", ", Formats.Keys)}. Leave it out");

    static NumberBound Tighter(NumberBound? bound, decimal other, Func<decimal, decimal, bool> tighter) =>
        bound is { } given && !tighter(other, given.Value) ? given : new NumberBound(other, false);

    // multipleOf as digits after the point, or as zeros before it
    (int? Digits, int Zeros) Step()
    {
        if (!node.Has("multipleOf")) return (wholeNumbers ? 0 : null, 0);
        var step = Number("multipleOf") is { } number and > 0
            ? number
            : throw new PpdSchemaException("multipleOf", node.Pointer, "is not a number above 0");
        for (var (power, digits) = (1m, 0); digits <= MostDigits; power /= 10, digits++)
            if (step == power) return (wholeNumbers ? 0 : digits, 0);
        for (var (power, zeros) = (10m, 1); zeros < MostDigits; power *= 10, zeros++)
            if (step == power) return (0, zeros);
        throw new PpdSchemaException("multipleOf", node.Pointer, $"is {step.ToString(CultureInfo.InvariantCulture)}; a grammar can honour powers of ten only. Leave it out, or list the values in an enum");
    }

    string Multiples(NumberBound? least, NumberBound? most, int zeros, string hint)
    {
        if (least != null || most != null)
            throw new PpdSchemaException("multipleOf", node.Pointer, "stands beside bounds; a grammar can honour both only for 1, 0.1, 0.01 and so on. Leave one out");
        return rules.Add(hint, $"\"0\" | \"-\"? [1-9] [0-9]{{0,{MostDigits - 1 - zeros}}} {Gbnf.Literal(new string('0', zeros))}");
    }

    NumberBound? Bound(string inclusive, string exclusive)
    {
        var isFlag = node[exclusive]?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False;     // before 2019
        var bound = Number(inclusive) is { } value ? new NumberBound(value, isFlag && node[exclusive]!.GetValue<bool>()) : (NumberBound?)null;
        if (isFlag || Number(exclusive) is not { } other) return bound;
        var isLower = inclusive == "minimum";
        return bound is { } both && (isLower ? both.Value > other : both.Value < other) ? both : new NumberBound(other, true);
    }

    decimal? Number(string keyword)
    {
        if (!node.Has(keyword)) return null;
        if (node[keyword]?.GetValueKind() != System.Text.Json.JsonValueKind.Number)
            throw new PpdSchemaException(keyword, node.Pointer, $"is {node[keyword]?.ToJsonString() ?? "null"}; a number is needed");
        var text = node[keyword]!.ToJsonString();
        var isUpper = keyword.Contains("ax", StringComparison.Ordinal);
        if (double.Parse(text, CultureInfo.InvariantCulture) is var rough && Math.Abs(rough) >= BeyondAll && isUpper == rough > 0) return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < Largest
            ? number
            : throw new PpdSchemaException(keyword, node.Pointer, $"is {text}; a grammar can compare with numbers of up to {MostDigits - 1} digits. Leave it out");
    }
}
