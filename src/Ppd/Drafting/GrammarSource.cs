using System.Text;
using Ppd.Decoding;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>
/// Guesses what a grammar leaves no choice about: keys, quotes, the rest of an enum's value. Where it leaves few continuations each is guessed, equally likely. What other
/// sources have proposed and the grammar forbids is removed, and what it forces after their guesses is added, so this source comes last.
/// A forced text has one spelling but many tokenisations; the model's own is the one that its tokeniser makes of the text with what stands around it.
/// </summary>
sealed class GrammarSource : IDraftSource
{
    const int MostBranches = 8;
    const int CharactersPerToken = 6;
    const int TailTokens = 2;           // of the text before: their bytes may decide where tokens end
    const float Doubt = 0.02f;          // votes for another tokenisation: as sure as 0.98
    const int Extended = 16;            // nodes whose continuation is looked at
    const int MostKnown = 512;

    // What may follow a forced text decides where its last token ends. One of each kind of character stands for all of the kind.
    static readonly int[] Kinds = ['T', 'a', '1', '"', '-', '{', '[', ' ', '\\', 'é'];
    const int MostProbes = 2;

    readonly LlamaVocabulary _vocabulary;
    readonly GrammarVocabulary _texts;
    readonly GrammarMachine _machine;
    readonly bool _parsesSpecial;
    readonly List<int> _tail = [];
    readonly VoteTree _votes = new();
    readonly Dictionary<string, int[]> _known = [];     // tokens of a text in its place
    readonly List<int> _tokens = [];
    GrammarPosition _position;
    GrammarPosition[] _positions = new GrammarPosition[64];
    bool[] _keep = new bool[64];
    bool _replies, _lost;

    /// <param name="vocabulary">The model's tokeniser.</param>
    /// <param name="constraint">The grammar of the request.</param>
    internal GrammarSource(LlamaVocabulary vocabulary, GrammarConstraint constraint)
    {
        _vocabulary = vocabulary;
        _texts = GrammarVocabulary.Of(vocabulary);
        _machine = constraint.Machine(_texts);
        _position = _machine.Start;
        _parsesSpecial = _machine.SpellsControl;
    }

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<int> tokens)
    {
        if (!_replies)
        {
            _replies = true;    // that was the prompt
            return;
        }
        foreach (var token in tokens)
        {
            _lost |= !_machine.TryAdvance(ref _position, token);
            _tail.Add(token);
        }
        if (_tail.Count > TailTokens) _tail.RemoveRange(0, _tail.Count - TailTokens);
    }

    /// <inheritdoc/>
    public void Propose(TokenTree candidates, int maxDepth)
    {
        if (_lost) return;
        Prune(candidates);
        var count = Math.Min(candidates.Count, Extended);
        for (var node = 0; node < count; node++)
            if (candidates.Depth(node) < maxDepth && candidates.Reach(node) >= candidates.LeastReach) Extend(candidates, node, maxDepth - candidates.Depth(node));
    }

    void Prune(TokenTree candidates)
    {
        if (_positions.Length < candidates.Count) (_positions, _keep) = (new GrammarPosition[2 * candidates.Count], new bool[2 * candidates.Count]);
        (_positions[0], _keep[0]) = (_position, true);
        var kept = 1;
        for (var node = 1; node < candidates.Count; node++)
        {
            var position = _positions[candidates.Parent(node)];
            _keep[node] = _keep[candidates.Parent(node)] && _machine.TryAdvance(ref position, candidates.Token(node));
            _positions[node] = position;
            if (_keep[node]) kept++;
        }
        if (kept == candidates.Count) return;
        candidates.Keep(_keep.AsSpan(0, candidates.Count));
        for (var node = 1; node < kept; node++)
        {
            _positions[node] = _positions[candidates.Parent(node)];
            _machine.TryAdvance(ref _positions[node], candidates.Token(node));
        }
    }

    void Extend(TokenTree candidates, int node, int depth)
    {
        if (_positions[node].Character.Partial) return;
        _votes.Clear();
        var before = default(string);
        foreach (var (text, end, share) in GrammarOutlook.From(_machine.States, _positions[node].State, depth * CharactersPerToken, MostBranches))
        {
            if (text.Length == 0) continue;
            before ??= Before(candidates, node);
            var probes = Probes(end);
            foreach (var probe in probes) Vote(before, text, probe, share / probes.Count, depth);
        }
        if (before != null) _votes.AddTo(candidates, node, Doubt, DraftKind.Grammar);
    }

    // the end of the text so far, from the beginning of a character on
    string Before(TokenTree candidates, int node)
    {
        List<byte> bytes = [];
        for (; node > 0; node = candidates.Parent(node)) bytes.InsertRange(0, _texts.Text(candidates.Token(node)));
        for (var i = _tail.Count - 1; i >= 0; i--) bytes.InsertRange(0, _texts.Text(_tail[i]));
        return Encoding.UTF8.GetString([.. bytes.SkipWhile(next => (next & 0xC0) == 0x80)]);
    }

    List<string> Probes(GrammarState end)
    {
        if (end.Ended) return [""];
        var next = end.Next(_machine.States);
        List<string> probes = next.Count <= MostProbes
            ? [.. next.Ranges.ToArray().SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Where(Rune.IsValid).Select(c => new Rune(c).ToString())]
            : [.. Kinds.Where(next.Contains).Take(MostProbes).Select(c => new Rune(c).ToString())];
        return probes.Count > 0 ? probes : [""];
    }

    // Only tokens that end with the forced text or before count: what comes after is not known.
    void Vote(string before, string text, string probe, float weight, int depth)
    {
        var (at, left) = (VoteTree.Root, Encoding.UTF8.GetByteCount(text));
        foreach (var token in Tokens(before, text + probe))
        {
            left -= _texts.Text(token).Length;
            if (left < 0 || depth-- == 0) break;
            at = _votes.Add(at, token, weight);
        }
        _votes.Pass(at, weight);
    }

    int[] Tokens(string before, string text)
    {
        var key = $"{before}\0{text}";
        if (_known.TryGetValue(key, out var known)) return known;
        if (_known.Count >= MostKnown) _known.Clear();
        return _known[key] = Tokenize(before, text) ?? Tokenize("", text) ?? [];
    }

    // Tokens of a text behind another one; null if a token spans both. The line break keeps a SentencePiece tokeniser from putting a space before the text.
    int[]? Tokenize(string before, string text)
    {
        _tokens.Clear();
        _vocabulary.Tokenize($"\n{before}{text}", _parsesSpecial, _tokens);
        var left = Encoding.UTF8.GetByteCount(text);
        var first = _tokens.Count;
        while (left > 0 && first > 0) left -= _texts.Text(_tokens[--first]).Length;
        return left == 0 ? [.. _tokens[first..]] : null;
    }
}
