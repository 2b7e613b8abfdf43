using Ppd.Decoding;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>
/// Knows what a grammar leaves no choice about: keys, quotes, the rest of an enum's value. Where it leaves few continuations each is guessed, equally likely. What other
/// sources have proposed and the grammar forbids is removed, and what it forces after their guesses is added, so this source comes last.
/// </summary>
sealed class GrammarSource : IDraftSource
{
    const float Doubt = 0.02f;          // votes for another tokenisation: as sure as 0.98
    const int Extended = 16;            // nodes whose continuation is looked at
    const int MostAhead = 32;           // tokens behind what is certain
    const int MostBehindGuesses = 8;    // tokens behind another guess: there are many of those, and each token is one more to weigh

    readonly GrammarVocabulary _texts;
    readonly GrammarMachine _machine;
    readonly VoteTree _votes = new();
    GrammarPosition _position;
    GrammarPosition[] _positions = new GrammarPosition[64];
    bool[] _keep = new bool[64];
    bool _replies, _lost;

    /// <param name="vocabulary">The model's tokeniser.</param>
    /// <param name="constraint">The grammar of the request.</param>
    internal GrammarSource(LlamaVocabulary vocabulary, GrammarConstraint constraint)
    {
        _texts = GrammarVocabulary.Of(vocabulary);
        _machine = constraint.Machine(_texts);
        _position = _machine.Start;
    }

    /// <inheritdoc/>
    public bool KnowsBeginnings => true;

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<int> tokens)
    {
        if (!_replies)
        {
            _replies = true;    // that was the prompt
            return;
        }
        foreach (var token in tokens) _lost |= !_machine.TryAdvance(ref _position, token);
    }

    /// <inheritdoc/>
    public void Propose(TokenTree candidates, int maxDepth)
    {
        if (_lost) return;
        Prune(candidates);
        var count = Math.Min(candidates.Count, Extended);
        for (var node = 0; node < count; node++)
            if (candidates.Depth(node) < maxDepth && candidates.Reach(node) >= candidates.LeastReach) Extend(candidates, node, Math.Min(maxDepth - candidates.Depth(node), node == 0 ? MostAhead : MostBehindGuesses));
        MarkEnds(candidates);
    }

    // the reply is over as soon as the grammar leaves nothing to add
    void MarkEnds(TokenTree candidates)
    {
        Reserve(candidates.Count);
        for (var node = 1; node < candidates.Count; node++)
        {
            var position = _positions[candidates.Parent(node)];
            if (_machine.TryAdvance(ref position, candidates.Token(node)) && position.Ended) candidates.MarkEnd(node);
            _positions[node] = position;
        }
    }

    void Reserve(int count)
    {
        if (_positions.Length >= count) return;
        Array.Resize(ref _positions, 2 * count);
        Array.Resize(ref _keep, 2 * count);
    }

    void Prune(TokenTree candidates)
    {
        Reserve(candidates.Count);
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
        var position = _positions[node];
        for (; depth > 0 && _machine.Forced(position) is [var token, ..]; depth--)
        {
            node = candidates.Add(node, token, 1, DraftKind.Grammar);
            candidates.MarkCertain(node);
            _machine.TryAdvance(ref position, token);
        }
        if (depth == 0 || position.Character.Partial) return;
        var texts = _machine.Texts.After(position.State);
        if (texts.Length == 0) return;
        _votes.Clear();
        foreach (var (text, share, spellings) in texts)
            foreach (var spelling in spellings) Vote(_machine.Texts.Tokens(position.Before, spelling), text.Length, share / spellings.Length, depth);
        _votes.AddTo(candidates, node, Doubt, DraftKind.Grammar);
    }

    // Only tokens that end with the forced text or before count: what comes after is not known.
    void Vote(int[] tokens, int bytes, float weight, int depth)
    {
        var (at, left) = (VoteTree.Root, bytes);
        foreach (var token in tokens)
        {
            left -= _texts.Text(token).Length;
            if (left < 0 || depth-- == 0) break;
            at = _votes.Add(at, token, weight);
        }
        _votes.Pass(at, weight);
    }
}
