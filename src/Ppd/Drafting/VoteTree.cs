using Ppd.Decoding;

namespace Ppd.Drafting;

/// <summary>A trie of continuations with the votes each has received.</summary>
sealed class VoteTree
{
    internal const int Root = 0;

    readonly List<Node> _nodes = [new Node()];

    internal void Clear()
    {
        _nodes.Clear();
        _nodes.Add(new Node());
    }

    /// <summary>Votes for <paramref name="token"/> after <paramref name="parent"/>; returns its node.</summary>
    internal int Add(int parent, int token, float weight)
    {
        var nodes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes);
        nodes[parent].VotesBelow += weight;
        for (var child = nodes[parent].FirstChild; child != 0; child = nodes[child].NextSibling)
        {
            if (nodes[child].Token != token) continue;
            nodes[child].Votes += weight;
            return child;
        }
        var added = _nodes.Count;
        var sibling = nodes[parent].FirstChild;
        nodes[parent].FirstChild = added;
        _nodes.Add(new Node { Token = token, Votes = weight, NextSibling = sibling });
        return added;
    }

    /// <summary>Votes for something that is not known after <paramref name="parent"/>.</summary>
    internal void Pass(int parent, float weight) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes)[parent].VotesBelow += weight;

    /// <summary>
    /// Adds the trie to the candidates: a guess's probability is its share of the votes at its node, <paramref name="doubt"/> votes for something else included.
    /// </summary>
    /// <param name="candidates">Where to.</param>
    /// <param name="target">The node that the trie begins at.</param>
    /// <param name="doubt">Votes.</param>
    /// <param name="kind">Of the guesses.</param>
    /// <param name="doubtPerVote">Votes for something else for every vote: however many agree, they may all be wrong together.</param>
    internal void AddTo(TokenTree candidates, int target, float doubt, DraftKind kind, float doubtPerVote = 0) => AddChildren(candidates, Root, target, doubt, kind, doubtPerVote);

    void AddChildren(TokenTree candidates, int node, int target, float doubt, DraftKind kind, float doubtPerVote)
    {
        for (var child = _nodes[node].FirstChild; child != 0; child = _nodes[child].NextSibling)
        {
            var share = _nodes[child].Votes / (((1 + doubtPerVote) * _nodes[node].VotesBelow) + doubt);
            if (candidates.Reach(target) * share < candidates.LeastReach) continue;
            var added = candidates.Add(target, _nodes[child].Token, share, kind);
            AddChildren(candidates, child, added, doubt, kind, doubtPerVote);
        }
    }

    struct Node
    {
        internal int Token;
        internal float Votes;
        internal float VotesBelow;
        internal int FirstChild;    // 0: none
        internal int NextSibling;   // 0: none
    }
}
