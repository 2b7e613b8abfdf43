using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Planning;

/// <summary>
/// How often guesses come true, learned while text is generated. What a source claims is corrected by what became of like guesses: those of the same kind, about
/// as deep and claimed about as probable. A guess counts whenever its parent turned out right, verified or not, so the estimate does not depend on the plans made with it.
/// </summary>
/// <param name="prior">Where no observations count yet; null takes the sources at their word.</param>
/// <param name="memory">Observations after which an old one has lost most of its weight.</param>
sealed class AcceptanceModel(AcceptanceModel? prior, float memory)
{
    /// <summary>Observations a request remembers: enough for an estimate, few enough to follow a change of topic.</summary>
    internal const float RequestMemory = 100;

    /// <summary>Observations remembered over all requests.</summary>
    internal const float SharedMemory = 1000;

    const int Kinds = 5;
    const int Depths = 4;           // the last one stands for all beyond
    const float SharedHits = 4;     // what all requests have shown weighs as much as so many guesses that come true
    const float ClaimedHits = 2;    // what the sources say themselves: one that is sure and wrong has to be found out within a few steps
    const float Certain = 0.99f;

    // Claims in a cell are alike enough to be wrong in the same proportion.
    static readonly float[] Edges = [0.02f, 0.06f, 0.15f, 0.3f, 0.5f, 0.7f, 0.85f];

    readonly float[] _claimed = new float[Kinds * Depths * 8];      // [kind, depth, claim] sum of the prior's estimates
    readonly float[] _right = new float[Kinds * Depths * 8];        // [kind, depth, claim] how many were right
    readonly float _keep = 1 - (1 / memory);
    readonly float _hits = prior == null ? ClaimedHits : SharedHits;

    /// <summary>Probability that a guess is right if its parent is.</summary>
    /// <param name="kind">Its source.</param>
    /// <param name="depth">From 1.</param>
    /// <param name="claim">What the source says.</param>
    internal float Probability(DraftKind kind, int depth, float claim)
    {
        var estimate = prior?.Probability(kind, depth, claim) ?? claim;
        var cell = Cell(kind, depth, claim);
        return Math.Min(Certain, estimate * ((_right[cell] + _hits) / (_claimed[cell] + _hits)));
    }

    /// <summary>Counts a guess whose parent was right.</summary>
    internal void Observe(DraftKind kind, int depth, float claim, bool right)
    {
        var cell = Cell(kind, depth, claim);
        _claimed[cell] = (_claimed[cell] * _keep) + (prior?.Probability(kind, depth, claim) ?? claim);
        _right[cell] = (_right[cell] * _keep) + (right ? 1 : 0);
        prior?.Observe(kind, depth, claim, right);
    }

    /// <summary>Puts the estimates into a tree of candidates: a node is reached if every guess on its path is right.</summary>
    internal void Estimate(TokenTree candidates)
    {
        for (var node = 1; node < candidates.Count; node++)
            candidates.SetReach(node, candidates.Reach(candidates.Parent(node)) * (candidates.IsCertain(node) ? 1 : Probability(candidates.Kind(node), candidates.Depth(node), candidates.Prior(node))));
    }

    static int Cell(DraftKind kind, int depth, float claim)
    {
        var bin = 0;
        while (bin < Edges.Length && claim >= Edges[bin]) bin++;
        return (((int)kind * Depths) + Math.Min(depth, Depths) - 1) * 8 + bin;
    }
}
