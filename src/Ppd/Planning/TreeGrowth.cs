using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Planning;

/// <summary>What limits the tree of one request.</summary>
/// <param name="Guesses">Most guesses.</param>
/// <param name="Paths">Most paths: there are only so many sequence ids.</param>
/// <param name="Room">Tokens that may still be emitted: guesses beyond them are of no use, and their positions may not exist.</param>
/// <param name="Ensemble">Rows of a prompt token.</param>
/// <param name="IsChain">Whether no node may have two children.</param>
readonly record struct TreeLimits(int Guesses, int Paths, int Room, int Ensemble, bool IsChain);

/// <summary>Something a tree can grow by: a guess, or prompt tokens under a node that it has.</summary>
/// <param name="Node">Of the candidates.</param>
/// <param name="IsChain">Whether only its chain grows.</param>
readonly record struct Growth(int Node, bool IsChain);

/// <summary>What a growth brings and takes.</summary>
/// <param name="Gain">Expected tokens, those of later steps included.</param>
/// <param name="Rows">Rows; 0 if it is not possible.</param>
/// <param name="Chain">Prompt tokens under the node afterwards.</param>
readonly record struct GrowthOffer(float Gain, int Rows, int Chain)
{
    internal float GainPerRow => Rows == 0 ? float.NegativeInfinity : Gain / Rows;
}

/// <summary>
/// The tree of one request while it grows. A node that acceptance ends at seeds the next step with the guesses of its chain, so adding a child takes from its parent
/// what the parent's chain is worth wherever the child is right (algorithm.md 9 C):
/// a guess c with n prompt tokens under u brings P(c) · (w(c) + h(n) − h(n_u)), longer chains under u bring P_stop(u) · (h(n) − h(n_u)); w is 1, and less for what the next step would know as well.
/// </summary>
sealed class TreeGrowth
{
    TokenTree _candidates = null!;
    PlaceValues _values = PlaceValues.None;     // h by chain length
    bool[] _covered = [];           // [candidates] which h is a node's
    float[] _worth = [];            // [candidates] w
    TreeLimits _limits;
    int _mostDistance;
    float[] _stop = new float[64];  // [candidates] probability that acceptance ends there; NaN: not in the tree
    int[] _chains = new int[64];    // [candidates] prompt tokens under it
    int[] _nodes = new int[64];     // [candidates] node in the tree that is written
    int[] _origins = new int[64];   // [nodes] its candidate
    int[] _written = new int[64];   // [candidates] prompt tokens to be written under it
    int _guesses;

    /// <summary>Paths of the tree so far.</summary>
    internal int Paths { get; private set; }

    /// <summary>Rows of the tree so far.</summary>
    internal int Rows { get; private set; }

    /// <summary>Of these, how many need no logits.</summary>
    internal int Decided { get; private set; }

    /// <summary>Begins with the root alone.</summary>
    /// <param name="candidates">What the sources propose, with estimates of being reached.</param>
    /// <param name="values">Value of a chain by its length; index 0 is no chain.</param>
    /// <param name="covered">[candidates] which of them is a node's.</param>
    /// <param name="worth">[candidates] tokens that a candidate brings if it is right.</param>
    /// <param name="limits">The request's limits.</param>
    /// <param name="rootChain">Prompt tokens that the root carries from the beginning.</param>
    /// <param name="mostDistance">Guesses of prompt tokens beyond this depth are left out.</param>
    internal void Begin(TokenTree candidates, PlaceValues values, bool[] covered, float[] worth, TreeLimits limits, int rootChain = 0, int mostDistance = int.MaxValue)
    {
        (_candidates, _values, _covered, _worth, _limits, _mostDistance) = (candidates, values, covered, worth, limits, mostDistance);
        if (_stop.Length < candidates.Count) Resize(2 * candidates.Count);
        _stop.AsSpan(0, candidates.Count).Fill(float.NaN);
        (_stop[0], _chains[0], _written[0], _guesses) = (Math.Max(0, 1 - candidates.Ending(0)), rootChain, rootChain, 0);
        (Paths, Rows, Decided) = (rootChain > 0 ? limits.Ensemble : 1, 1 + (rootChain * limits.Ensemble), 0);
    }

    /// <summary>What a growth by at most so many rows offers now; offers only ever get worse while the tree grows.</summary>
    internal GrowthOffer Offer(Growth growth, int mostRows)
    {
        if (mostRows < 1) return default;
        var (node, parent) = (growth.Node, _candidates.Parent(growth.Node));
        if (!growth.IsChain && (_guesses >= _limits.Guesses || (_limits.IsChain && HasChild(parent)))) return default;
        var opened = growth.IsChain ? 0 : OpensPath(parent) ? 1 : 0;
        var (seeds, had) = growth.IsChain ? (_stop[node], _stop[node] * Value(node, _chains[node])) : (Seeds(node), _candidates.Reach(node) * (Value(parent, _chains[parent]) - _worth[node]));
        var best = default(GrowthOffer);
        if (!growth.IsChain && Paths + opened <= _limits.Paths) best = new(-had, 1, 0);
        // this node's token and the one drawn after it come before the first guess is verified
        var longest = Math.Min(_values.Count, _limits.Room - 2 - _candidates.Depth(node));
        for (var chain = growth.IsChain ? _chains[node] + 1 : 1; chain <= longest; chain++)
        {
            var rows = growth.IsChain ? (chain - _chains[node]) * _limits.Ensemble : 1 + (chain * _limits.Ensemble);
            if (rows > mostRows || Paths + opened + ChainPaths(growth) > _limits.Paths) break;
            var offer = new GrowthOffer((seeds * Value(node, chain)) - had, rows, chain);
            if (offer.GainPerRow > best.GainPerRow) best = offer;
        }
        return best;
    }

    /// <summary>Grows the tree.</summary>
    internal void Take(Growth growth, GrowthOffer offer)
    {
        var node = growth.Node;
        if (!growth.IsChain)
        {
            var parent = _candidates.Parent(node);
            if (OpensPath(parent)) Paths++;
            _stop[parent] = Math.Max(0, _stop[parent] - _candidates.Reach(node));
            (_stop[node], _chains[node]) = (Seeds(node), 0);
            _guesses++;
            if (_candidates.IsCertain(node)) Decided++;
        }
        if (offer.Chain > 0) Paths += ChainPaths(new(node, IsChain: true));
        _chains[node] = offer.Chain;
        Rows += offer.Rows;
    }

    /// <summary>
    /// What is gained, a loss in tokens for a number of rows, by shortening the chain under the parent of a guess just taken: it was worth its rows only while
    /// acceptance was likely to end there.
    /// </summary>
    /// <param name="parent">The node.</param>
    /// <param name="gainPerRow">What a row brings elsewhere.</param>
    /// <returns>Gain and rows, both negative or 0, and the prompt tokens that are left.</returns>
    internal GrowthOffer Trim(int parent, float gainPerRow)
    {
        var (before, chain) = (_chains[parent], _chains[parent]);
        while (chain > 0 && _stop[parent] * (Value(parent, chain) - Value(parent, chain - 1)) < gainPerRow * _limits.Ensemble) chain--;
        if (chain == before) return new GrowthOffer(0, 0, chain);
        _chains[parent] = chain;
        // a node that has a child needs no path of its own
        if (chain == 0) Paths -= _limits.Ensemble;
        var rows = (before - chain) * _limits.Ensemble;
        Rows -= rows;
        return new GrowthOffer(_stop[parent] * (Value(parent, chain) - Value(parent, before)), -rows, chain);
    }

    /// <summary>Adds a guess that was taken to the tree to decode, or changes the chain under one.</summary>
    internal void Write(Growth growth, int chain, TokenTree tree)
    {
        var node = growth.Node;
        _written[node] = chain;
        if (growth.IsChain) return;
        var parent = _candidates.Parent(node);
        _nodes[node] = tree.Add(_nodes[parent], _candidates.Token(node), _candidates.Reach(node) / Math.Max(_candidates.Reach(parent), float.Epsilon), _candidates.Kind(node));
        _origins[_nodes[node]] = node;
        if (_candidates.IsCertain(node)) tree.MarkCertain(_nodes[node]);
    }

    /// <summary>Hangs the prompt tokens under the nodes that were written.</summary>
    internal void WriteChains(TokenTree tree)
    {
        for (var node = 0; node < tree.Count; node++) tree.AddPrompts(node, _written[_origins[node]]);
    }

    /// <summary>Whether a growth makes logits needless where it grows.</summary>
    internal bool Decides(Growth growth) => !growth.IsChain && _candidates.IsCertain(growth.Node);

    /// <summary>Parent of a candidate.</summary>
    internal int Parent(int node) => _candidates.Parent(node);

    /// <summary>Children that could be added now that their parent is there.</summary>
    internal int NextCandidate(int parent, int after)
    {
        var child = after < 0 ? _candidates.FirstChild(parent) : _candidates.NextSibling(after);
        while (child >= 0 && (_candidates.Ends(child) || (_candidates.Kind(child) == DraftKind.PromptToken && _candidates.Depth(child) > _mostDistance))) child = _candidates.NextSibling(child);
        return child;
    }

    // probability that a node is reached and the reply goes on behind it: else guesses are of no use there
    float Seeds(int node) => Math.Max(0, _candidates.Reach(node) - _candidates.Ending(node));

    float Value(int node, int chain) => _values[_covered[node]].Values[chain];

    // paths that the first prompt token under a node opens: one for each member of the ensemble, of which a leaf has one already
    int ChainPaths(Growth growth)
    {
        if (!growth.IsChain) return _limits.Ensemble - 1;
        if (_chains[growth.Node] > 0) return 0;
        return HasChild(growth.Node) ? _limits.Ensemble : _limits.Ensemble - 1;
    }

    bool OpensPath(int parent) => _chains[parent] > 0 || HasChild(parent);

    bool HasChild(int node)
    {
        for (var child = _candidates.FirstChild(node); child >= 0; child = _candidates.NextSibling(child))
            if (!float.IsNaN(_stop[child])) return true;
        return false;
    }

    void Resize(int size) => (_stop, _chains, _nodes, _origins, _written) = (new float[size], new int[size], new int[size], new int[size], new int[size]);
}
