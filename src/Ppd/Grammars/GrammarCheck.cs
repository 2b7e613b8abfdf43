namespace Ppd.Grammars;

/// <summary>What llama.cpp does not check, or not in time: undefined rules, recursion that consumes nothing, and rules that never end.</summary>
static class GrammarCheck
{
    // llama.cpp follows every path of leftmost references once more for each rule (llama_grammar_detect_left_recursion); their number can double with every rule
    const double MostPaths = 5_000_000;

    /// <summary>Returns the number of the root rule.</summary>
    /// <exception cref="PpdGrammarException">The rules cannot be used.</exception>
    internal static int Check(List<ParsedRule> rules, string rootName)
    {
        var undefined = rules.Find(rule => rule.Alternatives.Count == 0);
        if (undefined != null) throw new PpdGrammarException($"The grammar cannot be used: the rule '{undefined.Name}' is referred to but not defined.");
        var root = rules.FindIndex(rule => rule.Name == rootName);
        if (root < 0) throw new PpdGrammarException($"The grammar cannot be used: it has no rule '{rootName}', with which every text begins.");
        var empty = Holds(rules, symbol => symbol.Set == null);
        RefuseLeftRecursion(rules, empty);
        var ends = Holds(rules, _ => true);
        if (!ends[root]) throw new PpdGrammarException("The grammar cannot be used: no text of finite length matches the root; a recursion has no way out.");
        return root;
    }

    // The least set of rules with an alternative all of whose symbols may stand in it, references being in the set themselves.
    static bool[] Holds(List<ParsedRule> rules, Predicate<Symbol> allowed)
    {
        var holds = new bool[rules.Count];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var rule = rules.Count - 1; rule >= 0; rule--)
            {
                if (holds[rule] || !rules[rule].Alternatives.Exists(symbols => symbols.TrueForAll(symbol => allowed(symbol) && (symbol.Set != null || holds[symbol.Rule])))) continue;
                holds[rule] = changed = true;
            }
        }
        return holds;
    }

    static void RefuseLeftRecursion(List<ParsedRule> rules, bool[] empty)
    {
        var paths = new double[rules.Count];    // 0: not visited, NaN: under way
        var total = 0.0;
        for (var rule = 0; rule < rules.Count; rule++)
        {
            Visit(rule);
            total += paths[rule];
        }
        if (total > MostPaths)
            throw new PpdGrammarException(
                $"The grammar cannot be used: its rules refer to each other in {total:0} ways before a first character, and llama.cpp follows every one. Let fewer rules begin with alternatives of other rules.");

        // depth first without recursion: chains of references may be as long as the grammar
        void Visit(int start)
        {
            if (paths[start] > 0) return;
            var open = new Stack<(int Rule, IEnumerator<int> First)>();
            Open(start);
            while (open.TryPeek(out var top))
            {
                if (!top.First.MoveNext())
                {
                    open.Pop();
                    paths[top.Rule] = 1 + Leftmost(top.Rule).Sum(next => paths[next]);
                    continue;
                }
                var next = top.First.Current;
                if (double.IsNaN(paths[next]))
                    throw new PpdGrammarException($"The grammar cannot be used: the rule '{rules[next].Name}' can begin with itself before any character (left recursion).");
                if (paths[next] == 0) Open(next);
            }

            void Open(int rule)
            {
                paths[rule] = double.NaN;
                open.Push((rule, Leftmost(rule).GetEnumerator()));
            }
        }

        // rules that a rule may begin with
        IEnumerable<int> Leftmost(int rule)
        {
            foreach (var symbols in rules[rule].Alternatives)
                foreach (var symbol in symbols)
                {
                    if (symbol.Set != null) break;
                    yield return symbol.Rule;
                    if (!empty[symbol.Rule]) break;
                }
        }
    }
}
