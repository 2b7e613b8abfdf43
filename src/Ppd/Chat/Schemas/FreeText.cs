using System.Text;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>
/// Rules for text without certain markers, up to the first of them: one rule for every beginning of a marker that the text may end with (the machine of Aho and Corasick), so that what
/// may come depends on the text so far and on nothing else.
/// </summary>
sealed class FreeText
{
    static readonly CharSet Any = CharSet.Of([(1, 0xD7FF), (0xE000, CharSet.Last)]);

    readonly RuleSet _rules;
    readonly IReadOnlyList<(string Marker, string Then)> _markers;
    readonly bool _mayEnd, _silent;
    readonly Dictionary<string, string> _names = [];    // rules by the beginning of a marker that was just written
    readonly Queue<string> _open = new();

    /// <param name="rules">Where the rules go.</param>
    /// <param name="markers">Texts that end the free text, and the item that follows each.</param>
    /// <param name="mayEnd">Whether the whole text may end before a marker.</param>
    /// <param name="silent">Whether control tokens may stand in the text, and are no part of it.</param>
    /// <param name="start">A reserved rule that is to be the beginning, where the items refer to it.</param>
    internal FreeText(RuleSet rules, IReadOnlyList<(string Marker, string Then)> markers, bool mayEnd, bool silent, string? start = null)
    {
        (_rules, _markers, _mayEnd, _silent) = (rules, markers, mayEnd, silent);
        Start = _names[""] = start ?? rules.Reserve("text");
        _open.Enqueue("");
        while (_open.TryDequeue(out var beginning)) Define(_names[beginning], beginning, []);
    }

    /// <summary>The rule of the text from its beginning on.</summary>
    internal string Start { get; }

    /// <summary>A rule for a text that may begin, behind white space, with a marker that means nothing anywhere else.</summary>
    /// <param name="opening">The marker.</param>
    /// <param name="then">The item that follows it.</param>
    internal string BeginningWith(string opening, string then)
    {
        var rest = then;
        var runes = opening.EnumerateRunes().ToArray();
        for (var i = runes.Length - 1; i >= 0; i--)
        {
            var name = _rules.Reserve("beginning");
            List<(CharSet, string)> ways = [(CharSet.One(runes[i].Value), rest)];
            if (i == 0 && !Rune.IsWhiteSpace(runes[0])) ways.Add((CharSet.Of([('\t', '\n'), ('\r', '\r'), (' ', ' ')]), name));
            Define(name, string.Concat(runes[..i]), ways);
            rest = name;
        }
        while (_open.TryDequeue(out var beginning)) Define(_names[beginning], beginning, []);
        return rest;
    }

    // `ways` come before the machine's own
    void Define(string name, string written, List<(CharSet Characters, string Item)> ways)
    {
        var left = ways.Aggregate(Any, (set, way) => set.Except(way.Characters));
        foreach (var rune in _markers.SelectMany(marker => marker.Marker.EnumerateRunes()).Distinct())
        {
            if (!left.Contains(rune.Value)) continue;
            var text = written + rune;
            var found = _markers.FirstOrDefault(marker => text.EndsWith(marker.Marker, StringComparison.Ordinal));
            var item = found.Marker != null ? found.Then : Rule(Beginning(text));
            ways.Add((CharSet.One(rune.Value), item));
            left = left.Except(CharSet.One(rune.Value));
        }
        ways.Add((left, Rule("")));
        var alternatives = ways.GroupBy(way => way.Item).Select(group => $"{Gbnf.Set(CharSet.Of(group.SelectMany(way => way.Characters.Ranges.ToArray())))} {group.Key}");
        _rules.Define(name, string.Join(" | ", _mayEnd ? alternatives.Append("\"\"") : alternatives));
        if (_silent) _rules.Free.Add(name);
    }

    // the longest end of a text that a marker begins with
    string Beginning(string text)
    {
        for (var start = 0; start < text.Length; start++)
            if (_markers.Any(marker => marker.Marker.AsSpan().StartsWith(text.AsSpan(start)))) return text[start..];
        return "";
    }

    string Rule(string beginning)
    {
        if (_names.TryGetValue(beginning, out var name)) return name;
        _open.Enqueue(beginning);
        return _names[beginning] = _rules.Reserve("text");
    }
}
