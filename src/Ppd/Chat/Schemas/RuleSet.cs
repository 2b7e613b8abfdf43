using System.Text;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Rules of a grammar that is being written. Rules with the same body are one; names follow from the order of writing.</summary>
sealed class RuleSet
{
    /// <summary>Most that is counted; beyond, grammars grow out of proportion.</summary>
    internal const int MostCounted = 10_000;

    const int Chunk = 1000;     // half of what llama.cpp counts in one place

    readonly List<(string Name, string? Body)> _rules = [];
    readonly Dictionary<string, string> _names = [];        // by body
    readonly HashSet<string> _taken = [Grammar.RootName];

    /// <summary>A name for a rule whose body follows: it may refer to itself.</summary>
    internal string Reserve(string hint)
    {
        var name = Free(hint);
        _rules.Add((name, null));
        return name;
    }

    /// <summary>The body of a reserved rule.</summary>
    internal void Define(string name, string body) => _rules[_rules.FindIndex(rule => rule.Name == name)] = (name, body);

    /// <summary>A rule with this body; returns its name.</summary>
    internal string Add(string hint, string body)
    {
        if (_names.TryGetValue(body, out var known)) return known;
        var name = Free(hint);
        _rules.Add((name, body));
        return _names[body] = name;
    }

    /// <summary>An item <paramref name="least"/> to <paramref name="most"/> times.</summary>
    /// <param name="item">A rule name, a literal or a set.</param>
    /// <param name="least">At most <see cref="MostCounted"/>, like the other bound.</param>
    /// <param name="most">Null: without end.</param>
    /// <param name="hint">Names rules that are needed.</param>
    internal string Repeat(string item, int least, int? most, string hint = "repeat")
    {
        // the count limit of llama.cpp is on rules: an item of several is given one of its own
        if (item.Contains(' ', StringComparison.Ordinal) && item[0] is '(') item = Add(hint, item[1..^1]);
        if (least > Chunk) return $"{item}{{{Chunk}}} {Repeat(item, least - Chunk, most - Chunk, hint)}";
        if (most == null) return least == 0 ? $"{item}*" : least == 1 ? $"{item}+" : $"{item}{{{least},}}";
        if (most == 0) return "";
        if (most > Chunk)
        {
            var rest = Add(hint, $"{item}{{{Chunk}}} {Repeat(item, 0, most - Chunk, hint)} | {item}{{{least},{Chunk - 1}}}");
            return least < Chunk ? rest : $"{item}{{{Chunk}}} {Repeat(item, 0, most - Chunk, hint)}";
        }
        return (least, most) switch
        {
            (0, 1) => $"{item}?",
            (1, 1) => item,
            _ => least == most ? $"{item}{{{least}}}" : $"{item}{{{least},{most}}}",
        };
    }

    /// <summary>The grammar whose root has this body.</summary>
    internal string Text(string root)
    {
        var text = new StringBuilder();
        text.Append(Grammar.RootName).Append(" ::= ").Append(root).Append('\n');
        foreach (var (name, body) in _rules) text.Append(name).Append(" ::= ").Append(body).Append('\n');
        return text.ToString();
    }

    string Free(string hint)
    {
        var stem = new string([.. hint.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)]).Trim('-');
        if (stem.Length == 0) stem = "rule";
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++) name = $"{stem}-{i}";
        return name;
    }
}
