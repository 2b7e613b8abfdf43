using Ppd.Templates.Runtime;
using Ppd.Templates.Syntax;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Methods of <c>str</c>.</summary>
static class StringMethods
{
    static readonly Dictionary<string, Func<Execution, MarkedString, Arguments, object?>> ByName = new()
    {
        ["upper"] = Mapped("upper", TextCase.Upper),
        ["lower"] = Mapped("lower", TextCase.Lower),
        ["casefold"] = Mapped("casefold", TextCase.Lower),
        ["capitalize"] = Mapped("capitalize", TextCase.Capitalize),
        ["title"] = Mapped("title", TextCase.TitleMethod),
        ["swapcase"] = Mapped("swapcase", TextCase.SwapCase),
        ["strip"] = Stripped("strip", atStart: true, atEnd: true),
        ["lstrip"] = Stripped("lstrip", atStart: true, atEnd: false),
        ["rstrip"] = Stripped("rstrip", atStart: false, atEnd: true),
        ["split"] = (execution, text, arguments) => Split(execution, text, arguments, fromEnd: false),
        ["rsplit"] = (execution, text, arguments) => Split(execution, text, arguments, fromEnd: true),
        ["splitlines"] = (execution, text, arguments) =>
            TextOperations.SplitLines(execution, text, arguments.Bind(execution, "splitlines", "keepends").Flag(0, false)),
        ["partition"] = (execution, text, arguments) => Partition(execution, text, arguments, fromEnd: false),
        ["rpartition"] = (execution, text, arguments) => Partition(execution, text, arguments, fromEnd: true),
        ["join"] = (execution, text, arguments) => TextOperations.Join(execution, text, JoinItems(execution, arguments)),
        ["replace"] = Replace,
        ["removeprefix"] = (execution, text, arguments) => arguments.Bind(execution, "removeprefix", "prefix").Text(0) is var prefix
            && text.Text.StartsWith(prefix.Text, StringComparison.Ordinal) ? execution.Slice(text, prefix.Length, text.Length - prefix.Length) : text,
        ["removesuffix"] = (execution, text, arguments) => arguments.Bind(execution, "removesuffix", "suffix").Text(0) is var suffix
            && text.Text.EndsWith(suffix.Text, StringComparison.Ordinal) ? execution.Slice(text, 0, text.Length - suffix.Length) : text,
        ["startswith"] = (execution, text, arguments) => Affixed(execution, text, arguments, "startswith"),
        ["endswith"] = (execution, text, arguments) => Affixed(execution, text, arguments, "endswith"),
        ["find"] = (execution, text, arguments) => TextPositions.Find(execution, text, arguments, "find"),
        ["rfind"] = (execution, text, arguments) => TextPositions.Find(execution, text, arguments, "rfind"),
        ["index"] = (execution, text, arguments) => TextPositions.Find(execution, text, arguments, "index"),
        ["rindex"] = (execution, text, arguments) => TextPositions.Find(execution, text, arguments, "rindex"),
        ["count"] = TextPositions.Count,
        ["format"] = BraceFormat.Format,
        ["ljust"] = Padded("ljust", '<'),
        ["rjust"] = Padded("rjust", '>'),
        ["center"] = Padded("center", '^'),
        ["zfill"] = ZeroFill,
        ["isdigit"] = Classified("isdigit", char.IsDigit),
        ["isdecimal"] = Classified("isdecimal", char.IsDigit),
        ["isnumeric"] = Classified("isnumeric", char.IsNumber),
        ["isalpha"] = Classified("isalpha", char.IsLetter),
        ["isalnum"] = Classified("isalnum", char.IsLetterOrDigit),
        ["isspace"] = Classified("isspace", Whitespace.Is),
        ["isupper"] = (execution, text, arguments) => Plain(execution, arguments, "isupper", TextCase.IsAll(text.Text, upper: true)),
        ["islower"] = (execution, text, arguments) => Plain(execution, arguments, "islower", TextCase.IsAll(text.Text, upper: false)),
    };

    public static object? Find(MarkedString text, string name) =>
        ByName.TryGetValue(name, out var method) ? new BoundMethod<MarkedString>(text, method) : null;

    static object? Plain(Execution execution, Arguments arguments, string name, object? result)
    {
        arguments.Bind(execution, name);
        return result;
    }

    static Func<Execution, MarkedString, Arguments, object?> Mapped(string name, Func<Execution, MarkedString, MarkedString> map) =>
        (execution, text, arguments) => Plain(execution, arguments, name, map(execution, text));

    static Func<Execution, MarkedString, Arguments, object?> Stripped(string name, bool atStart, bool atEnd) =>
        (execution, text, arguments) =>
            TextOperations.Strip(execution, text, arguments.Bind(execution, name, "chars").TextOrNone(0)?.Text, atStart, atEnd);

    static Func<Execution, MarkedString, Arguments, object?> Classified(string name, Func<char, bool> belongs) =>
        (execution, text, arguments) =>
        {
            execution.ChargeScan(text.Length);
            return Plain(execution, arguments, name, text.Length > 0 && text.Text.All(belongs));
        };

    static Func<Execution, MarkedString, Arguments, object?> Padded(string name, char alignment) => (execution, text, arguments) =>
    {
        var bound = arguments.Bind(execution, name, "width", "fillchar");
        bound.Required(0);
        var fill = bound.Has(1) ? bound.Text(1) : MarkedString.Trusted(" ");
        if (fill.CodePointCount != 1)
            execution.Fail("the fill character must be exactly one character long");
        return alignment == '^'
            ? Padding.Center(execution, text, bound.Int(0, 0), fill)
            : Padding.Pad(execution, text, bound.Int(0, 0), alignment, fill);
    };

    static object? ZeroFill(Execution execution, MarkedString text, Arguments arguments)
    {
        var width = arguments.Bind(execution, "zfill", "width").Int(0, 0);
        var sign = text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        var digits = text.Slice(sign, text.Length - sign);
        var filled = Padding.Pad(execution, digits, Math.Max(0, width) - sign, '>', MarkedString.Trusted("0"));
        return new MarkedBuilder(execution).Append(text, 0, sign).Append(filled).Build();
    }

    static object? Split(Execution execution, MarkedString text, Arguments arguments, bool fromEnd)
    {
        var bound = arguments.Bind(execution, fromEnd ? "rsplit" : "split", "sep", "maxsplit");
        var limit = bound.Int(1, -1);
        if (bound.TextOrNone(0) is { } separator)
        {
            return fromEnd
                ? TextOperations.SplitFromEnd(execution, text, separator.Text, limit)
                : TextOperations.Split(execution, text, separator.Text, limit);
        }
        if (fromEnd && limit >= 0)
            execution.Fail("rsplit() at whitespace with a maxsplit is not supported; give a separator");
        return TextOperations.SplitWords(execution, text, limit);
    }

    static object? Partition(Execution execution, MarkedString text, Arguments arguments, bool fromEnd)
    {
        var separator = arguments.Bind(execution, fromEnd ? "rpartition" : "partition", "sep").Text(0);
        if (separator.Length == 0)
            execution.Fail("empty separator");
        var at = fromEnd
            ? TextSearch.LastIndexOf(execution, text.Text, separator.Text)
            : TextSearch.IndexOf(execution, text.Text, separator.Text, 0);
        if (at < 0)
            return fromEnd ? JinjaTuple.Of(MarkedString.Empty, MarkedString.Empty, text) : JinjaTuple.Of(text, MarkedString.Empty, MarkedString.Empty);
        var after = at + separator.Length;
        return JinjaTuple.Of(execution.Slice(text, 0, at), separator, execution.Slice(text, after, text.Length - after));
    }

    static IEnumerable<MarkedString> JoinItems(Execution execution, Arguments arguments)
    {
        var index = 0;
        foreach (var item in Iteration.Of(execution, arguments.Bind(execution, "join", "iterable").Required(0)))
        {
            yield return item as MarkedString
                ?? throw execution.Error($"sequence item {index}: expected str instance, {TypeNames.Of(item)} found");
            index++;
        }
    }

    static object? Replace(Execution execution, MarkedString text, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "replace", "old", "new", "count");
        return TextOperations.Replace(execution, text, bound.Text(0), bound.Text(1), bound.Int(2, -1));
    }

    static object? Affixed(Execution execution, MarkedString text, Arguments arguments, string name)
    {
        var bound = arguments.Bind(execution, name, "affix", "start", "end");
        var within = bound.Has(1) || bound.Has(2)
            ? (MarkedString)Slicing.Slice(execution, text, bound.Get(1), bound.Get(2), null)!
            : text;
        var affixes = bound.Required(0) is JinjaTuple several ? several.Items : [bound.Text(0)];
        foreach (var affix in affixes)
        {
            if (affix is not MarkedString candidate)
                throw execution.Error($"{name} first arg must be str or a tuple of str, not {TypeNames.Of(affix)}");
            execution.ChargeScan(candidate.Length);
            if (name == "startswith"
                ? within.Text.StartsWith(candidate.Text, StringComparison.Ordinal)
                : within.Text.EndsWith(candidate.Text, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
