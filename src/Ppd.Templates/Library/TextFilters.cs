using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Filters that take any value as text and give text.</summary>
static class TextFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["upper"] = Mapped("upper", TextCase.Upper),
        ["lower"] = Mapped("lower", TextCase.Lower),
        ["capitalize"] = Mapped("capitalize", TextCase.Capitalize),
        ["title"] = Mapped("title", TextCase.TitleFilter),
        ["safe"] = Mapped("safe", (_, text) => text.AsMarkup()),
        ["string"] = Mapped("string", (_, text) => text),
        ["escape"] = Mapped("escape", Markup.Escape),
        ["e"] = Mapped("e", Markup.Escape),
        ["forceescape"] = Mapped("forceescape", (execution, text) => Markup.Escape(execution, text.AsMarkup(false))),
        ["trim"] = Trim,
        ["replace"] = Replace,
        ["format"] = (execution, value, arguments) => PercentFormat.Format(execution, Printer.Str(execution, value), FormatOperand(execution, arguments)),
        ["urlencode"] = UrlEncode,
        ["tojson"] = JsonFilter.Apply,
    };

    static Filter Mapped(string name, Func<Execution, MarkedString, MarkedString> map) => (execution, value, arguments) =>
    {
        arguments.Bind(execution, name);
        return map(execution, Printer.Str(execution, value));
    };

    static MarkedString Trim(Execution execution, object? value, Arguments arguments)
    {
        var characters = arguments.Bind(execution, "trim", "chars").TextOrNone(0);
        return TextOperations.Strip(execution, Printer.Str(execution, value), characters?.Text, atStart: true, atEnd: true);
    }

    static MarkedString Replace(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "replace", "old", "new", "count");
        var (old, replacement) = (Printer.Str(execution, bound.Required(0)), Printer.Str(execution, bound.Required(1)));
        return TextOperations.Replace(execution, Printer.Str(execution, value), old, replacement, bound.Get(2) is null ? -1 : bound.Int(2, -1));
    }

    static object FormatOperand(Execution execution, Arguments arguments)
    {
        if (arguments.Named.Count == 0)
            return new JinjaTuple([.. arguments.Positional]);
        if (arguments.Positional.Count > 0)
            execution.Fail("format() takes positional or named arguments, not both");
        var named = new JinjaDict(execution);
        foreach (var (name, value) in arguments.Named)
            named[MarkedString.Trusted(name)] = value;
        return named;
    }

    static MarkedString UrlEncode(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "urlencode");
        var builder = new MarkedBuilder(execution);
        if (value is MarkedString || !Iteration.IsIterable(value))
            return AppendUrl(builder, Printer.Str(execution, value), inQuery: false).Build();
        var pairs = value is JinjaDict dict ? DictView.Of(execution, dict, DictViewKind.Items) : value;
        foreach (var pair in Iteration.Of(execution, pairs))
        {
            var parts = Iteration.ToList(execution, pair);
            if (parts.Count != 2)
                execution.Fail("urlencode() needs a string, a mapping or pairs");
            builder.Append(builder.Length > 0 ? "&" : "");
            AppendUrl(builder, Printer.Str(execution, parts[0]), inQuery: true).Append("=");
            AppendUrl(builder, Printer.Str(execution, parts[1]), inQuery: true);
        }
        return builder.Build();
    }

    static MarkedBuilder AppendUrl(MarkedBuilder builder, MarkedString text, bool inQuery)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.RunCount; i++)
        {
            var (start, length, isInput) = text.Run(i);
            foreach (var rune in text.Text.AsSpan(start, length).EnumerateRunes())
            {
                if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "_.-~".Contains((char)rune.Value) || (rune.Value == '/' && !inQuery)))
                {
                    builder.Append((char)rune.Value, isInput);
                    continue;
                }
                if (rune.Value == ' ' && inQuery)
                {
                    builder.Append('+', isInput);
                    continue;
                }
                foreach (var unit in utf8[..rune.EncodeToUtf8(utf8)])
                    builder.Append($"%{unit:X2}", isInput);
            }
        }
        return builder;
    }
}
