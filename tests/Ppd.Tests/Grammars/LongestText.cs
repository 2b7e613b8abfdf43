using System.Text;
using Ppd.Grammars;

namespace Ppd.Tests.Grammars;

/// <summary>How long a text of a grammar can get: what bounds the tokens of a reply.</summary>
static class LongestText
{
    /// <summary>UTF-8 bytes; null where there is no limit.</summary>
    internal static int? Bytes(Grammar grammar) => Rule(grammar, grammar.Root, [], []);

    static int? Rule(Grammar grammar, int rule, Dictionary<int, int?> known, HashSet<int> open)
    {
        if (known.TryGetValue(rule, out var length)) return length;
        if (!open.Add(rule)) return null;   // a recursion
        int? longest = 0;
        foreach (var start in grammar.Alternatives(rule))
        {
            int? sum = 0;
            for (var at = start; grammar.At(at).Kind != ElementKind.End; at++)
                sum += grammar.At(at).Kind == ElementKind.Char ? Width(grammar.Set(grammar.At(at).Index)) : Rule(grammar, grammar.At(at).Index, known, open);
            longest = sum == null || longest == null ? null : Math.Max(longest.Value, sum.Value);
        }
        open.Remove(rule);
        return known[rule] = longest;
    }

    static int Width(CharSet set) => new Rune(set.Ranges[^1].Last is >= 0xD800 and <= 0xDFFF ? 0xFFFF : set.Ranges[^1].Last).Utf8SequenceLength;
}
