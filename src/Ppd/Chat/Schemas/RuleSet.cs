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
    readonly string _prefix = "";

    /// <summary>An empty set.</summary>
    /// <param name="prefix">Begins all names, to tell them from those of another grammar.</param>
    internal RuleSet(string prefix = "")
    {
        (_prefix, Notation, Free) = (prefix, Notation.Json, []);
        RootName = prefix + Grammar.RootName;
        _taken.Add(RootName);
    }

    RuleSet(RuleSet other, Notation notation)
    {
        (_rules, _names, _taken, _prefix) = (other._rules, other._names, other._taken, other._prefix);
        (RootName, Notation, Free) = (other.RootName, notation, other.Free);
    }

    /// <summary>How values are written.</summary>
    internal Notation Notation { get; }

    /// <summary>The rules of text that the model writes as it likes: see <see cref="Grammar.IsFree"/>.</summary>
    internal HashSet<string> Free { get; }

    /// <summary>Name of the rule of whole texts.</summary>
    internal string RootName { get; }

    /// <summary>The same rules, with values in another notation.</summary>
    internal RuleSet In(Notation notation) => new(this, notation);

    /// <summary>A name for a rule whose body follows: it may refer to itself.</summary>
    internal string Reserve(string hint)
    {
        var name = Unused(hint);
        _rules.Add((name, null));
        return name;
    }

    /// <summary>The body of a reserved rule.</summary>
    internal void Define(string name, string body) => _rules[_rules.FindIndex(rule => rule.Name == name)] = (name, body);

    /// <summary>A rule with this body; returns its name.</summary>
    internal string Add(string hint, string body)
    {
        if (_names.TryGetValue(body, out var known)) return known;
        var name = Unused(hint);
        _rules.Add((name, body));
        return _names[body] = name;
    }

    /// <summary>What is written once under a key, which is no body of a rule.</summary>
    internal string Once(string key, Func<string> write) => _names.TryGetValue($"\0{key}", out var known) ? known : _names[$"\0{key}"] = write();

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
        text.Append(RootName).Append(" ::= ").Append(root).Append('\n');
        foreach (var (name, body) in _rules) text.Append(name).Append(" ::= ").Append(body).Append('\n');
        return text.ToString();
    }

    string Unused(string hint)
    {
        var stem = new string([.. hint.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)]).Trim('-');
        if (stem.Length == 0) stem = "rule";
        stem = _prefix + stem;
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++) name = $"{stem}-{i}";
        return name;
    }
}
