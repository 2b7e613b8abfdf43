using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Filters that lay text out: indentation, width, length.</summary>
static class LayoutFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["indent"] = Indent,
        ["center"] = Center,
        ["truncate"] = Truncate,
        ["wordcount"] = WordCount,
    };

    static object? Indent(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "indent", "width", "first", "blank");
        var indentation = bound.Get(0) is MarkedString given
            ? given
            : new MarkedBuilder(execution).AppendRepeated(MarkedString.Trusted(" "), bound.Int(0, 4)).Build();
        var (first, blank) = (bound.Flag(1, false), bound.Flag(2, false));
        // Jinja2 adds a newline before it splits, so that a trailing empty line counts.
        var text = new MarkedBuilder(execution).Append(Printer.Str(execution, value)).Append("\n").Build();
        var lines = TextOperations.SplitLines(execution, text, keepEnds: false).Items;
        var builder = new MarkedBuilder(execution);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = (MarkedString)lines[i]!;
            if (i > 0)
                builder.Append("\n");
            if (i == 0 ? first : blank || line.Length > 0)
                builder.Append(indentation);
            builder.Append(line);
        }
        return builder.Build();
    }

    static object? Center(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "center", "width");
        return Padding.Center(execution, Printer.Str(execution, value), bound.Int(0, 80), MarkedString.Trusted(" "));
    }

    static object? Truncate(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "truncate", "length", "killwords", "end", "leeway");
        var text = Printer.Str(execution, value);
        var length = bound.Int(0, 255);
        var end = bound.Has(2) ? bound.Text(2) : MarkedString.Trusted("...");
        var leeway = bound.Get(3) is null ? 5 : bound.Int(3, 5);
        if (length < end.CodePointCount)
            execution.Fail($"truncate() needs a length of at least {end.CodePointCount}, got {length}");
        if (text.CodePointCount <= (long)length + leeway)
            return text;
        var kept = execution.Slice(text, 0, text.OffsetOfCodePoint(length - end.CodePointCount));
        if (!bound.Flag(1, false) && kept.Text.LastIndexOf(' ') is var space && space >= 0)
            kept = kept.Slice(0, space);
        return new MarkedBuilder(execution).Append(kept).Append(end).Build();
    }

    static object? WordCount(Execution execution, object? value, Arguments arguments)
    {
        arguments.Bind(execution, "wordcount");
        var text = Printer.Str(execution, value).Text;
        execution.ChargeScan(text.Length);
        var (count, inWord) = (0L, false);
        foreach (var c in text)
        {
            var isWord = c == '_' || char.IsLetterOrDigit(c);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }
        return count;
    }
}
