using System.Globalization;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Characters as they stand inside a text of the rules' notation.</summary>
static class JsonChars
{
    const int MostSpelled = 64;

    static readonly (int Character, string Escape)[] Escapes = [('"', "\\\""), ('\\', "\\\\"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t"), ('\b', "\\b"), ('\f', "\\f")];
    static readonly (int Character, string Escape)[] PythonEscapes = [('\'', "\\'"), .. Escapes[..5]];

    /// <summary>Rule for one character of any kind. An escaped half of a surrogate pair is no character.</summary>
    internal static string Any(RuleSet rules)
    {
        var plain = Gbnf.Set(rules.Notation.Plain);
        if (!rules.Notation.HasEscapes) return plain;
        if (!rules.Notation.IsJson) return rules.Add("char", $"{plain} | \"\\\\\" [\\\"'\\\\nrt]");
        var hex = rules.Add("hex", "[0-9a-fA-F]");
        return rules.Add("char", $"{plain} | \"\\\\\" ([\\\"\\\\/bfnrt] | \"u\" ([0-9a-cA-CefEF] {hex} {hex} {hex} | [dD] [0-7] {hex} {hex}))");
    }

    /// <summary>Item for one character of a set, in one spelling; null where no spelling is known.</summary>
    internal static string? Of(RuleSet rules, CharSet set)
    {
        List<string> alternatives = [];
        var notation = rules.Notation;
        var plain = set.Intersect(notation.Plain);
        if (plain.Count > 0) alternatives.Add(Gbnf.Set(plain));
        if (notation.HasEscapes)
            foreach (var (character, escape) in notation.IsJson ? Escapes : PythonEscapes)
                if (set.Contains(character) && !plain.Contains(character)) alternatives.Add(Gbnf.Literal(escape));
        // control characters are meant only where they are named; sets like "all but the comma" do not mean them
        for (var control = 0; control < ' ' && notation.IsJson && set.Count <= MostSpelled; control++)
            if (set.Contains(control) && !Escapes.Any(entry => entry.Character == control)) alternatives.Add(Gbnf.Literal(string.Create(CultureInfo.InvariantCulture, $"\\u{control:x4}")));
        return alternatives.Count switch
        {
            0 => null,
            1 => alternatives[0],
            _ => rules.Add("one-of", string.Join(" | ", alternatives)),
        };
    }
}
