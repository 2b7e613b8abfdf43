using System.Text;
using System.Text.Json;
using Ppd.Chat.Tools;

namespace Ppd.Chat.Probing;

/// <summary>A rendered call taken apart: where the first and the second begin and end, and of what kind they are.</summary>
sealed record CallLayout(string Open, string? Between, string Close, ToolCallSyntax Syntax)
{
    /// <summary>Name of the kind.</summary>
    internal string Family => Syntax.GetType().Name.Replace("Call", "");

    /// <param name="text">Rendered calls, the first of them perhaps behind some opening text.</param>
    /// <returns>Null where the calls are of no known kind.</returns>
    internal static CallLayout? Find(string text)
    {
        var first = Places.In(text, 0);
        if (first == null) return null;
        // the second call of the same function has the same length but for its place in the text
        var second = Places.In(text, first.NumberEnd);
        return (JsonObject(text, first) ?? NamedJson(text, first) ?? Python(text, first) ?? Gemma(text, first) ?? Tagged(text, first, second)) is { } found ? WithSecond(text, first, second, found) : null;
    }

    /// <summary>A literal with the probe's ids replaced by their place.</summary>
    internal static string WithoutIds(string literal) => ProbeRender.Ids.Aggregate(literal, (text, id) => text.Replace(id, ToolCallText.Id.ToString()));

    static CallLayout WithSecond(string text, Places first, Places? second, (int Start, int End, ToolCallSyntax Syntax) call)
    {
        var (open, close, syntax) = (text[..call.Start], text[call.End..], call.Syntax);
        if (second == null) return new CallLayout(open, null, WithoutIds(close), Numbered(syntax, syntax));
        var offset = second.Name - first.Name;
        var other = Literals(text, second, syntax);
        return new CallLayout(open, WithoutIds(text[call.End..(call.Start + offset)]), WithoutIds(text[(call.End + offset)..]), Numbered(syntax, other));
    }

    // A call within JSON: the innermost object around name and arguments.
    static (int, int, ToolCallSyntax)? JsonObject(string text, Places at)
    {
        if (JsonArguments(text, at) is not { } arguments) return null;
        for (var start = text.LastIndexOf('{', at.Name); start >= 0; start = start == 0 ? -1 : text.LastIndexOf('{', start - 1))
        {
            var length = JsonText.LengthOf(text.AsSpan(start));
            if (length <= 0 || start + length < arguments.End || !JsonText.TryParse(text.Substring(start, length), out var value)) continue;
            var keys = value.EnumerateObject().ToArray();
            var nameKey = keys.Where(k => k.Value.ValueKind == JsonValueKind.String && k.Value.GetString() == ProbeRender.Function).Select(k => k.Name).FirstOrDefault();
            var argumentsKey = keys.Where(k => k.Value.ValueKind == JsonValueKind.Object && k.Value.TryGetProperty(ProbeRender.TextKey, out _)).Select(k => k.Name).FirstOrDefault();
            if (argumentsKey == null || (nameKey == null && argumentsKey != ProbeRender.Function)) continue;
            var end = start + length;
            return (start, end, new JsonObjectCall(text[start..at.Name], text[at.NameEnd..arguments.Start], text[arguments.End..end], nameKey, nameKey == null ? "" : argumentsKey));
        }
        return null;
    }

    static (int, int, ToolCallSyntax)? NamedJson(string text, Places at) => JsonArguments(text, at) is { } arguments
        ? (at.Name, arguments.End, new NamedJsonCall(text[at.NameEnd..arguments.Start]))
        : null;

    static (int Start, int End)? JsonArguments(string text, Places at)
    {
        var start = text.LastIndexOf('{', at.TextKey);
        var length = start < at.NameEnd ? -1 : JsonText.LengthOf(text.AsSpan(start));
        return length > 0 && JsonText.TryParse(text.Substring(start, length), out var value) && value.TryGetProperty(ProbeRender.NumberKey, out _) ? (start, start + length) : null;
    }

    static (int, int, ToolCallSyntax)? Python(string text, Places at) =>
        text[at.NameEnd..at.TextKey] == "(" && text[at.TextKeyEnd..at.Text] is "='" or "=\"" && text[at.NumberEnd..].StartsWith(')')
            ? (at.Name, at.NumberEnd + 1, new PythonCall())
            : null;

    static (int, int, ToolCallSyntax)? Gemma(string text, Places at) =>
        text[at.NameEnd..at.TextKey] == "{" && text[at.TextKeyEnd..at.Text] is [':', .. { Length: > 0 } quote] && text[at.NumberEnd..].StartsWith('}')
            ? (at.Name, at.NumberEnd + 1, new GemmaCall(quote))
            : null;

    // Two arguments and the end: what the text behind a value has in common in both places closes the value.
    static (int, int, ToolCallSyntax)? Tagged(string text, Places at, Places? second)
    {
        var toNumber = text[at.TextEnd..at.NumberKey].Replace(ProbeRender.TextKey, ToolCallText.Key.ToString());
        var toEnd = text[at.NumberEnd..(second?.Name ?? text.Length)].Replace(ProbeRender.NumberKey, ToolCallText.Key.ToString());
        var valueClose = TagText.CommonStart(toNumber, toEnd);
        var argumentOpen = toNumber[valueClose.Length..];
        var toText = text[at.NameEnd..at.TextKey];
        if (valueClose.Trim().Length == 0 || argumentOpen.Trim().Length == 0 || !toText.EndsWith(argumentOpen, StringComparison.Ordinal)) return null;
        var end = at.NumberEnd + valueClose.Replace(ToolCallText.Key.ToString(), ProbeRender.NumberKey).Length;
        return (at.Name, end, new TaggedCall(toText[..^argumentOpen.Length], argumentOpen, text[at.TextKeyEnd..at.Text], text[at.NumberKeyEnd..at.Number], valueClose,
            TagText.First(text[end..])));
    }

    // The literals of the second call, to see what is counted.
    static ToolCallSyntax Literals(string text, Places at, ToolCallSyntax like) => like with
    {
        BeforeName = text[(at.Name - like.BeforeName.Length)..at.Name],
        AfterName = text.Substring(at.NameEnd, like.AfterName.Length),
    };

    static ToolCallSyntax Numbered(ToolCallSyntax first, ToolCallSyntax second) => first with
    {
        BeforeName = Numbered(first.BeforeName, second.BeforeName),
        AfterName = Numbered(first.AfterName, second.AfterName),
        AfterArguments = WithoutIds(first.AfterArguments),
    };

    static string Numbered(string first, string second)
    {
        (first, second) = (WithoutIds(first), WithoutIds(second));
        if (first.Length != second.Length) return first;
        var text = new StringBuilder(first);
        for (var i = 0; i < first.Length; i++)
            if (first[i] != second[i])
                text[i] = (first[i], second[i]) switch { ('0', '1') => ToolCallText.IndexFromZero, ('1', '2') => ToolCallText.IndexFromOne, _ => first[i] };
        return text.ToString();
    }

    /// <summary>Where the words of a call stand in the text, in their usual order.</summary>
    sealed record Places(int Name, int TextKey, int Text, int NumberKey, int Number)
    {
        internal int NameEnd => Name + ProbeRender.Function.Length;

        internal int TextKeyEnd => TextKey + ProbeRender.TextKey.Length;

        internal int TextEnd => Text + ProbeRender.Texts[0].Length;

        internal int NumberKeyEnd => NumberKey + ProbeRender.NumberKey.Length;

        internal int NumberEnd => Number + ProbeRender.Number.Length;

        internal static Places? In(string text, int start)
        {
            var at = start;
            int Next(params string[] words)
            {
                if (at < 0) return -1;
                var found = words.Select(word => text.IndexOf(word, at, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
                at = found;
                return found;
            }
            // the last name before the first argument: headers may name the function too
            var (name, key) = (Next(ProbeRender.Function), Next(ProbeRender.TextKey));
            if (key > 0) name = text.LastIndexOf(ProbeRender.Function, key, key - start, StringComparison.Ordinal);
            var places = new Places(name, key, Next(ProbeRender.Texts), Next(ProbeRender.NumberKey), Next(ProbeRender.Number));
            return places.Number < 0 ? null : places;
        }
    }
}
