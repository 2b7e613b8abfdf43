using System.Buffers;
using System.Globalization;
using System.Numerics;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>
/// <c>tojson</c> as Hugging Face transformers defines it: Python's <c>json.dumps</c> without HTML escaping and, unless asked, without ASCII
/// escaping. Strings keep their marks; brackets, quotes and commas are the template's.
/// </summary>
sealed class JsonFilter
{
    static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    static readonly SearchValues<char> PlainAscii = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5f).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    readonly Execution _execution;
    readonly MarkedBuilder _builder;
    readonly bool _ensureAscii;
    readonly bool _sortKeys;
    readonly MarkedString? _indent;
    readonly MarkedString _itemSeparator;
    readonly MarkedString _keySeparator;
    int _level;

    JsonFilter(Execution execution, Bound options)
    {
        _execution = execution;
        _builder = new MarkedBuilder(execution);
        _ensureAscii = options.Flag(0, false);
        _indent = options.Get(1) switch
        {
            null => null,
            MarkedString text => text,
            _ => new MarkedBuilder(execution).AppendRepeated(MarkedString.Trusted(" "), options.Int(1, 0)).Build(),
        };
        (_itemSeparator, _keySeparator) = Separators(execution, options.Get(2));
        _sortKeys = options.Flag(3, false);
    }

    public static object? Apply(Execution execution, object? value, Arguments arguments)
    {
        var writer = new JsonFilter(execution, arguments.Bind(execution, "tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
        writer.Write(value);
        return writer._builder.Build();
    }

    (MarkedString Item, MarkedString Key) Separators(Execution execution, object? given)
    {
        if (given is null)
            return (MarkedString.Trusted(_indent is null ? ", " : ","), MarkedString.Trusted(": "));
        if (given is JinjaSequence { Items: [MarkedString item, MarkedString key] })
            return (item, key);
        throw execution.Error("tojson() argument 'separators' must be two strings, (item, key)");
    }

    void Write(object? value)
    {
        _execution.Enter();
        switch (value)
        {
            case MarkedString text:
                WriteText(text);
                break;
            case JinjaSequence sequence:
                WriteItems('[', sequence.Items, Write, ']');
                break;
            case JinjaDict dict:
                WriteItems('{', Pairs(dict), WritePair, '}');
                break;
            default:
                _builder.Append(Scalar(value));
                break;
        }
        _execution.Leave();
    }

    string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => Numbers.Format(number),
        double number when double.IsNaN(number) => "NaN",
        double number when double.IsInfinity(number) => number > 0 ? "Infinity" : "-Infinity",
        double number => Numbers.Format(number),
        _ => throw _execution.Error($"Object of type {TypeNames.Of(value)} is not JSON serializable"),
    };

    List<KeyValuePair<object?, object?>> Pairs(JinjaDict dict)
    {
        _execution.Charge(dict.Count);
        var pairs = dict.Entries.ToList();
        return _sortKeys
            ? [.. new SortOrder(_execution, reverse: false, caseSensitive: true).Sort([.. pairs.Select(p => (object?)p)],
                p => ((KeyValuePair<object?, object?>)p!).Key).Select(p => (KeyValuePair<object?, object?>)p!)]
            : pairs;
    }

    void WritePair(KeyValuePair<object?, object?> pair)
    {
        if (pair.Key is MarkedString text)
            WriteText(text);
        else if (pair.Key is null || Numbers.IsNumber(pair.Key))
            _builder.Append($"\"{Scalar(pair.Key)}\"");
        else
            _execution.Fail($"keys must be str, int, float, bool or None, not {TypeNames.Of(pair.Key)}");
        _builder.Append(_keySeparator);
        Write(pair.Value);
    }

    void WriteItems<T>(char open, List<T> items, Action<T> write, char close)
    {
        _builder.Append(open, false);
        _level++;
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _builder.Append(_itemSeparator);
            NewLine();
            write(items[i]);
        }
        _level--;
        if (items.Count > 0)
            NewLine();
        _builder.Append(close, false);
    }

    void NewLine()
    {
        if (_indent is not null)
            _builder.Append("\n").AppendRepeated(_indent, _level);
    }

    void WriteText(MarkedString text)
    {
        _builder.Append('"', false);
        for (var i = 0; i < text.RunCount; i++)
        {
            var (start, length, isInput) = text.Run(i);
            WriteRun(text.Text.AsSpan(start, length), isInput);
        }
        _builder.Append('"', false);
    }

    void WriteRun(ReadOnlySpan<char> run, bool isInput)
    {
        while (run.Length > 0)
        {
            var special = _ensureAscii ? run.IndexOfAnyExcept(PlainAscii) : run.IndexOfAny(Escaped);
            var plain = special < 0 ? run.Length : special;
            _builder.Append(run[..plain], isInput);
            if (special >= 0)
                WriteSpecial(run[special], isInput);
            run = run[Math.Min(run.Length, plain + 1)..];
        }
    }

    void WriteSpecial(char c, bool isInput)
    {
        var escape = c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => $"\\u{(int)c:x4}",
        };
        _builder.Append(escape, isInput);
    }
}
