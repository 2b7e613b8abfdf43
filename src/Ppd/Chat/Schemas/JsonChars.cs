using System.Globalization;
using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Characters as they stand inside a JSON string.</summary>
static class JsonChars
{
    const int MostSpelled = 64;

    static readonly (int Character, string Escape)[] Escapes = [('"', "\\\""), ('\\', "\\\\"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t"), ('\b', "\\b"), ('\f', "\\f")];

    /// <summary>Characters that stand for themselves: neither quote, backslash, control characters nor halves of surrogate pairs.</summary>
    internal static CharSet Plain { get; } = CharSet.Of([(' ', '!'), ('#', '['), (']', 0xD7FF), (0xE000, CharSet.Last)]);

    /// <summary>Rule for one character of any kind. An escaped half of a surrogate pair is no character.</summary>
    internal static string Any(RuleSet rules)
    {
        var hex = rules.Add("hex", "[0-9a-fA-F]");
        return rules.Add("char", $"{Gbnf.Set(Plain)} | \"\\\\\" ([\\\"\\\\/bfnrt] | \"u\" ([0-9a-cA-CefEF] {hex} {hex} {hex} | [dD] [0-7] {hex} {hex}))");
    }

    /// <summary>Item for one character of a set, in one spelling; null where no spelling is known.</summary>
    internal static string? Of(RuleSet rules, CharSet set)
    {
        List<string> alternatives = [];
        var plain = set.Intersect(Plain);
        if (plain.Count > 0) alternatives.Add(Gbnf.Set(plain));
        foreach (var (character, escape) in Escapes)
            if (set.Contains(character)) alternatives.Add(Gbnf.Literal(escape));
        // control characters are meant only where they are named; sets like "all but the comma" do not mean them
        for (var control = 0; control < ' ' && set.Count <= MostSpelled; control++)
            if (set.Contains(control) && !Escapes.Any(entry => entry.Character == control)) alternatives.Add(Gbnf.Literal(string.Create(CultureInfo.InvariantCulture, $"\\u{control:x4}")));
        return alternatives.Count switch
        {
            0 => null,
            1 => alternatives[0],
            _ => rules.Add("one-of", string.Join(" | ", alternatives)),
        };
    }
}
