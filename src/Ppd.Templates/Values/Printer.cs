using System.Globalization;
using System.Numerics;
using System.Text;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's <c>str</c> and <c>repr</c>, keeping the marks of the strings inside.</summary>
static class Printer
{
    public static MarkedString Str(Execution execution, object? value) => value switch
    {
        MarkedString text => text,
        Undefined => MarkedString.Empty,
        _ => Repr(execution, value),
    };

    /// <summary>The plain text of <see cref="Str"/>, for names and messages.</summary>
    public static string Text(Execution execution, object? value) => Str(execution, value).Text;

    public static MarkedString Repr(Execution execution, object? value)
    {
        var builder = new MarkedBuilder(execution);
        Repr(execution, builder, value);
        return builder.Build();
    }

    static void Repr(Execution execution, MarkedBuilder builder, object? value)
    {
        execution.Enter();
        switch (value)
        {
            case MarkedString text:
                ReprText(builder, text);
                break;
            case JinjaList list:
                ReprItems(execution, builder, "[", list.Items, "]");
                break;
            case JinjaTuple tuple:
                ReprItems(execution, builder, "(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")");
                break;
            case DictView view:
                ReprItems(execution, builder, TypeNames.Of(view) + "([", view.Items, "])");
                break;
            case JinjaDict dict:
                ReprDict(execution, builder, dict);
                break;
            default:
                builder.Append(Scalar(value));
                break;
        }
        execution.Leave();
    }

    static string Scalar(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => Numbers.Format(number),
        double number => Numbers.Format(number),
        Undefined => "Undefined",
        JinjaRange { Step: 1 } range => $"range({range.Start}, {range.Stop})",
        JinjaRange range => $"range({range.Start}, {range.Stop}, {range.Step})",
        // Python prints an address here; what matters is that nobody can rely on it.
        _ => $"<{TypeNames.Of(value)} object>",
    };

    static void ReprItems(Execution execution, MarkedBuilder builder, string open, List<object?> items, string close)
    {
        builder.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                builder.Append(", ");
            Repr(execution, builder, items[i]);
        }
        builder.Append(close);
    }

    static void ReprDict(Execution execution, MarkedBuilder builder, JinjaDict dict)
    {
        var separator = "{";
        foreach (var (key, value) in dict.Entries)
        {
            builder.Append(separator);
            Repr(execution, builder, key);
            builder.Append(": ");
            Repr(execution, builder, value);
            separator = ", ";
        }
        builder.Append(dict.Count == 0 ? "{}" : "}");
    }

    // Single quotes unless only double quotes avoid escaping, as Python chooses.
    static void ReprText(MarkedBuilder builder, MarkedString text)
    {
        var quote = text.Text.Contains('\'') && !text.Text.Contains('"') ? '"' : '\'';
        builder.Append(quote, false);
        for (var i = 0; i < text.RunCount; i++)
        {
            var (start, length, isInput) = text.Run(i);
            foreach (var rune in text.Text.AsSpan(start, length).EnumerateRunes())
                builder.Append(Escaped(rune, quote), isInput);
        }
        builder.Append(quote, false);
    }

    static string Escaped(Rune rune, char quote) => rune.Value switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when rune.Value == quote => "\\" + quote,
        _ when IsPrintable(rune) => rune.ToString(),
        < 0x100 => $"\\x{rune.Value:x2}",
        < 0x10000 => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };

    static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
