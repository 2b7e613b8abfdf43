using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Python's <c>str.format</c>: <c>{}</c>, <c>{0}</c>, <c>{name.attribute[key]!r:specification}</c>.</summary>
static class BraceFormat
{
    public static object? Format(Execution execution, MarkedString format, Arguments arguments)
    {
        var automatic = 0;
        return Format(execution, format, arguments, ref automatic);
    }

    static MarkedString Format(Execution execution, MarkedString format, Arguments arguments, ref int automatic)
    {
        execution.Enter();
        var builder = new MarkedBuilder(execution);
        for (var position = 0; position < format.Length; )
        {
            var brace = format.Text.AsSpan(position).IndexOfAny('{', '}');
            var end = brace < 0 ? format.Length : position + brace;
            builder.Append(format, position, end - position);
            if (brace < 0)
                break;
            var isDoubled = end + 1 < format.Length && format.Text[end + 1] == format.Text[end];
            if (isDoubled)
            {
                builder.Append(format, end, 1);
                position = end + 2;
                continue;
            }
            if (format.Text[end] == '}')
                execution.Fail("single '}' encountered in format string");
            var close = ClosingBrace(execution, format.Text, end + 1);
            builder.Append(Field(execution, format.Slice(end + 1, close - end - 1), arguments, ref automatic));
            position = close + 1;
        }
        execution.Leave();
        return builder.Build();
    }

    static int ClosingBrace(Execution execution, string format, int position)
    {
        for (var depth = 1; position < format.Length; position++)
        {
            execution.ChargeScan(1);
            depth += format[position] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return position;
        }
        throw execution.Error("expected '}' before end of string");
    }

    static MarkedString Field(Execution execution, MarkedString field, Arguments arguments, ref int automatic)
    {
        var nameEnd = field.Text.AsSpan().IndexOfAny('!', ':');
        var name = nameEnd < 0 ? field.Text : field.Text[..nameEnd];
        var value = Resolve(execution, name, arguments, ref automatic);
        var rest = nameEnd < 0 ? MarkedString.Empty : field.Slice(nameEnd, field.Length - nameEnd);
        if (rest.Length > 0 && rest.Text[0] == '!')
        {
            value = rest.Length > 1 && rest.Text[1] is 'r' or 'a' ? Printer.Repr(execution, value) : Printer.Str(execution, value);
            rest = rest.Slice(Math.Min(2, rest.Length), Math.Max(0, rest.Length - 2));
        }
        if (rest.Length == 0)
            return Printer.Str(execution, value);
        if (rest.Text[0] != ':')
            execution.Fail("expected ':' after conversion specifier");
        var specification = Format(execution, rest.Slice(1, rest.Length - 1), arguments, ref automatic);
        return specification.Length == 0 ? Printer.Str(execution, value) : Specification(execution, specification).Apply(execution, value);
    }

    static object? Resolve(Execution execution, string path, Arguments arguments, ref int automatic)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? path : path[..end];
        var value = First(execution, first.Length == 0 ? automatic++ : int.TryParse(first, out var index) ? index : -1, first, arguments);
        for (var position = end < 0 ? path.Length : end; position < path.Length; )
        {
            var isItem = path[position] == '[';
            var stop = isItem ? path.IndexOf(']', position) : path.AsSpan(position + 1).IndexOfAny('.', '[') is var next && next >= 0 ? position + 1 + next : path.Length;
            if (stop < 0 || (!isItem && path[position] != '.'))
                execution.Fail("missing ']' or '.' in format field");
            var key = path[(position + 1)..stop];
            value = !isItem ? Subscript.Attribute(execution, value, key)
                : Subscript.Item(execution, value, int.TryParse(key, out var number) ? (long)number : MarkedString.Trusted(key));
            Undefined.Reject(execution, value);
            position = isItem ? stop + 1 : stop;
        }
        return value;
    }

    static object? First(Execution execution, int index, string name, Arguments arguments)
    {
        if (index >= 0)
        {
            return index < arguments.Positional.Count
                ? arguments.Positional[index]
                : throw execution.Error($"replacement index {index} out of range for positional arguments");
        }
        foreach (var (key, value) in arguments.Named)
        {
            if (key == name)
                return value;
        }
        throw execution.Error($"format() got no argument '{name}'");
    }

    static FormatSpec Specification(Execution execution, MarkedString text)
    {
        var reader = new FormatReader(execution, text);
        var spec = new FormatSpec();
        var fillLength = text.Length > 1 && char.IsHighSurrogate(text.Text[0]) ? 2 : 1;
        if (fillLength < text.Length && text.Text[fillLength] is '<' or '>' or '^' or '=')
        {
            spec = spec with { Fill = text.Slice(0, fillLength), Alignment = text.Text[fillLength] };
            reader.Position = fillLength + 1;
        }
        else if (reader.Current is '<' or '>' or '^' or '=')
        {
            spec = spec with { Alignment = reader.Next() };
        }
        if (reader.Current is '+' or '-' or ' ')
            spec = spec with { Sign = reader.Next() };
        spec = spec with { Alternate = reader.Skip('#') };
        if (reader.Skip('0') && spec.Alignment == '\0')
            spec = spec with { Alignment = '=', Fill = MarkedString.Trusted("0") };
        spec = spec with { Width = reader.Number() ?? 0 };
        if (reader.Current is ',' or '_')
            spec = spec with { Grouping = reader.Next() };
        if (reader.Skip('.'))
            spec = spec with { Precision = reader.Number() ?? throw execution.Error("format specifier missing precision") };
        if (!reader.AtEnd)
            spec = spec with { Type = reader.Next() };
        return reader.AtEnd ? spec : throw execution.Error("invalid format specifier");
    }
}
