using Ppd.Decoding;

namespace Ppd.Planning;

/// <summary>Keeps what was guessed until the text shows whether it was right, and tells the acceptance model. Trees of candidates go round: no copies.</summary>
sealed class Hindsight(AcceptanceModel acceptance)
{
    const int MostOpen = 8;     // trees; a guess deeper than what they span is not counted

    readonly List<(TokenTree Tree, int Node)> _open = [];   // oldest first; the node is the last one known to be right
    readonly Stack<TokenTree> _spare = new();

    /// <summary>Takes a tree of candidates, and gives another one to be filled.</summary>
    internal TokenTree Exchange(TokenTree candidates)
    {
        if (candidates.FirstChild(0) < 0) return candidates;
        if (_open.Count == MostOpen)
        {
            _spare.Push(_open[0].Tree);
            _open.RemoveAt(0);
        }
        _open.Add((candidates, 0));
        return _spare.TryPop(out var spare) ? spare : new TokenTree();
    }

    /// <summary>The next token of the text: what was guessed for it can be counted.</summary>
    internal void Observe(int token)
    {
        var kept = 0;
        for (var i = 0; i < _open.Count; i++)
        {
            var (tree, node) = _open[i];
            var next = -1;
            for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
            {
                var right = tree.Token(child) == token;
                if (!tree.IsCertain(child)) acceptance.Observe(tree.Kind(child), tree.Depth(child), tree.Prior(child), right);
                if (right) next = child;
            }
            if (next >= 0 && tree.FirstChild(next) >= 0) _open[kept++] = (tree, next);
            else _spare.Push(tree);
        }
        _open.RemoveRange(kept, _open.Count - kept);
    }
}
