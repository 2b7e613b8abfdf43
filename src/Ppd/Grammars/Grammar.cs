namespace Ppd.Grammars;

/// <summary>What a position in a rule stands for.</summary>
enum ElementKind
{
    /// <summary>The end of an alternative.</summary>
    End,

    /// <summary>A reference to the rule <see cref="Element.Index"/>.</summary>
    Rule,

    /// <summary>One character of the set <see cref="Element.Index"/>.</summary>
    Char,
}

/// <summary>An element of an alternative.</summary>
readonly record struct Element(ElementKind Kind, int Index);

/// <summary>
/// A grammar in GBNF, llama.cpp's notation, parsed and checked: llama.cpp hangs, runs out of memory or ends the process on some texts, and none of these gets this far.
/// Elements of tokens (<c>&lt;[5]&gt;</c>) are not supported. Immutable.
/// </summary>
sealed class Grammar
{
    internal const string RootName = "root";

    readonly Element[] _elements;
    readonly CharSet[] _sets;
    readonly int[][] _alternatives;     // [rules] first element of each
    readonly bool[] _free;              // [elements]

    Grammar(string text, Element[] elements, bool[] free, CharSet[] sets, int[][] alternatives, int root) =>
        (Text, _elements, _free, _sets, _alternatives, Root) = (text, elements, free, sets, alternatives, root);

    /// <summary>As it was parsed.</summary>
    internal string Text { get; }

    /// <summary>The rule that a text must match.</summary>
    internal int Root { get; }

    /// <summary>Element at a position; alternatives are contiguous and end with <see cref="ElementKind.End"/>.</summary>
    internal Element At(int position) => _elements[position];

    /// <summary>Whether a position is within text that the model writes as it likes: there control tokens may stand, and are no text.</summary>
    internal bool IsFree(int position) => _free[position];

    /// <summary>Characters of an element of that kind.</summary>
    internal CharSet Set(int index) => _sets[index];

    /// <summary>Positions where the alternatives of a rule begin.</summary>
    internal ReadOnlySpan<int> Alternatives(int rule) => _alternatives[rule];

    /// <summary>Parses and checks a text, whose first rule need not be the root.</summary>
    /// <param name="text">In GBNF.</param>
    /// <param name="rootName">The rule that a text must match.</param>
    /// <param name="free">Names of rules of free text: see <see cref="IsFree"/>. Groups and repetitions in them are not free.</param>
    /// <exception cref="PpdGrammarException">llama.cpp would not take it, or would not survive it; the message says where and why.</exception>
    internal static Grammar Parse(string text, string rootName = RootName, IReadOnlySet<string>? free = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rules = new GrammarParser(text).Parse();
        var root = GrammarCheck.Check(rules, rootName);
        List<Element> elements = [];
        List<bool> isFree = [];
        Dictionary<CharSet, int> sets = [];
        var alternatives = new int[rules.Count][];
        for (var rule = 0; rule < alternatives.Length; rule++)
        {
            alternatives[rule] = new int[rules[rule].Alternatives.Count];
            for (var i = 0; i < alternatives[rule].Length; i++)
            {
                alternatives[rule][i] = elements.Count;
                foreach (var symbol in rules[rule].Alternatives[i])
                    elements.Add(symbol.Set == null ? new Element(ElementKind.Rule, symbol.Rule) : new Element(ElementKind.Char, Index(symbol.Set)));
                elements.Add(default);
            }
            isFree.AddRange(Enumerable.Repeat(free?.Contains(rules[rule].Name) == true, elements.Count - isFree.Count));
        }
        return new Grammar(text, [.. elements], [.. isFree], [.. sets.Keys], alternatives, root);

        int Index(CharSet set) => sets.TryGetValue(set, out var index) ? index : sets[set] = sets.Count;
    }
}
