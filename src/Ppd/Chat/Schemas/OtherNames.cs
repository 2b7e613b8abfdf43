using System.Text;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Strings that are none of some names: character by character along the tree of their beginnings. They have no escapes, which could spell a name otherwise.</summary>
sealed class OtherNames(RuleSet rules, IEnumerable<string> names)
{
    readonly string[] _names = [.. names];
    readonly CharSet _plain = rules.Notation.Plain;
    readonly string _close = Gbnf.Literal(rules.Notation.Quotes[0].Close);

    internal string Write()
    {
        var rest = rules.Add("other-chars", $"{Gbnf.Set(_plain)}*");
        return rules.Add("other-name", $"{Gbnf.Literal(rules.Notation.Quotes[0].Open)} {From("", rest)}");
    }

    // What may follow a beginning of one of the names, the closing quote included.
    string From(string beginning, string rest)
    {
        var next = _names.Where(name => name.Length > beginning.Length && name.StartsWith(beginning, StringComparison.Ordinal))
            .Select(name => Rune.GetRuneAt(name, beginning.Length)).Distinct().OrderBy(rune => rune.Value).ToArray();
        var others = _plain.Except(CharSet.Of(next.Select(rune => (rune.Value, rune.Value))));
        List<string> alternatives = [$"{Gbnf.Set(others)} {rest} {_close}"];
        // names with characters that must be escaped cannot be spelled here anyway
        foreach (var rune in next.Where(rune => _plain.Contains(rune.Value))) alternatives.Add($"{Gbnf.Literal(rune.ToString())} {From(beginning + rune, rest)}");
        if (!_names.Contains(beginning)) alternatives.Add(_close);
        return rules.Add("other-from", string.Join(" | ", alternatives));
    }
}
