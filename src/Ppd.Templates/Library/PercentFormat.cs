using System.Numerics;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Python's <c>format % values</c>, which the <c>format</c> filter uses too.</summary>
static class PercentFormat
{
    public static MarkedString Format(Execution execution, MarkedString format, object? operand)
    {
        var builder = new MarkedBuilder(execution);
        var reader = new FormatReader(execution, format);
        var values = operand is JinjaTuple tuple ? tuple.Items : [operand];
        var used = 0;
        object? NextValue() => used < values.Count ? values[used++] : throw execution.Error("not enough arguments for format string");
        while (!reader.AtEnd)
        {
            var percent = format.Text.IndexOf('%', reader.Position);
            var end = percent < 0 ? format.Length : percent;
            builder.Append(format, reader.Position, end - reader.Position);
            reader.Position = end;
            if (percent < 0)
                break;
            reader.Next();
            if (reader.Skip('%'))
                builder.Append(format, percent, 1);
            else
                builder.Append(Convert(execution, format, reader, operand, NextValue));
        }
        var byName = operand is JinjaDict;
        if (used < values.Count && !byName)
            execution.Fail("not all arguments converted during string formatting");
        return builder.Build();
    }

    static MarkedString Convert(Execution execution, MarkedString format, FormatReader reader, object? operand, Func<object?> nextValue)
    {
        object? named = null;
        var isNamed = reader.Skip('(');
        if (isNamed)
            named = Lookup(execution, format, reader, operand);
        var (leftAligned, zeros, sign, alternate) = (false, false, '-', false);
        for (; reader.Current is '-' or '0' or '+' or ' ' or '#'; reader.Next())
        {
            leftAligned |= reader.Current == '-';
            zeros |= reader.Current == '0';
            alternate |= reader.Current == '#';
            if (reader.Current is '+' or ' ' && sign != '+')
                sign = reader.Current;
        }
        var width = reader.Skip('*') ? Star(execution, nextValue()) : reader.Number() ?? 0;
        int? precision = !reader.Skip('.') ? null : reader.Skip('*') ? Star(execution, nextValue()) : reader.Number() ?? 0;
        var type = reader.Next();
        var value = isNamed ? named : nextValue();
        var spec = new FormatSpec
        {
            Alignment = leftAligned || width < 0 ? '<' : zeros ? '=' : '>',
            Fill = MarkedString.Trusted(zeros && !leftAligned ? "0" : " "),
            Sign = sign,
            Alternate = alternate,
            Width = Math.Abs(width),
            Precision = precision,
            Type = type is 'i' or 'u' ? 'd' : type,
        };
        return Apply(execution, spec, value);
    }

    static MarkedString Apply(Execution execution, FormatSpec spec, object? value)
    {
        switch (spec.Type)
        {
            case 's' or 'r' or 'a':
                var text = spec.Type == 's' ? Printer.Str(execution, value) : Printer.Repr(execution, value);
                // Zeros pad numbers only.
                return (spec with { Fill = MarkedString.Trusted(" "), Alignment = spec.Alignment == '=' ? '>' : spec.Alignment }).ApplyText(execution, text);
            case 'c' when value is MarkedString character:
                if (character.CodePointCount != 1)
                    execution.Fail("%c requires int or char");
                return spec.ApplyText(execution, character);
            case 'd' or 'x' or 'X' or 'o' or 'c':
                Undefined.Reject(execution, value);
                if (!Numbers.IsNumber(value))
                    execution.Fail($"%{spec.Type} format: a number is required, not {TypeNames.Of(value)}");
                var integer = value is double number && double.IsFinite(number) ? Numbers.Normalise(execution, new BigInteger(number)) : value;
                return (spec with { Precision = null }).Apply(execution, integer is bool flag ? (flag ? 1L : 0L) : integer);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                Undefined.Reject(execution, value);
                if (!Numbers.IsNumber(value))
                    execution.Fail($"must be real number, not {TypeNames.Of(value)}");
                return spec.Apply(execution, Numbers.ToDouble(value));
            default:
                throw execution.Error($"unsupported format character '{spec.Type}'");
        }
    }

    static object? Lookup(Execution execution, MarkedString format, FormatReader reader, object? operand)
    {
        var close = format.Text.IndexOf(')', reader.Position);
        if (close < 0)
            execution.Fail("incomplete format key");
        if (operand is not JinjaDict dict)
            throw execution.Error("format requires a mapping");
        var name = format.Slice(reader.Position, close - reader.Position);
        reader.Position = close + 1;
        return dict.TryGet(name, out var value) ? value : throw execution.Error($"the format needs a key '{name}'");
    }

    static int Star(Execution execution, object? value)
    {
        if (!Numbers.TryInteger(value, out var number))
            execution.Fail("* wants int");
        return (int)Math.Clamp(number, -(1 << 28), 1 << 28);
    }
}
