using Ppd.Decoding;

namespace Ppd.Planning;

/// <summary>Picks the most probable candidates, up to a fixed number. It knows nothing of what a row costs.</summary>
sealed class FixedPlanner
{
    /// <summary>
    /// A guess should be right more often than not: a second row costs a CPU 1.2 to 1.9 times a step, depending on the weight type.
    /// </summary>
    internal const float WorthARow = 0.5f;

    // A prompt token pays in the next step, and in several guesses of it: this part of a guess's own threshold.
    const float PromptShare = 0.4f;

    readonly PriorityQueue<int, float> _open = new();
    int[] _planned = new int[16];   // [candidates] node in the plan

    /// <summary>
    /// Copies up to <paramref name="maxDrafts"/> nodes of <paramref name="candidates"/> into <paramref name="plan"/>, most probable first. A child is never more
    /// probable than its parent, so the chosen nodes form a tree.
    /// </summary>
    /// <param name="candidates">What the sources propose.</param>
    /// <param name="plan">A one-node tree with the same root.</param>
    /// <param name="maxDrafts">Most nodes besides the root.</param>
    /// <param name="maxPaths">Most root-to-leaf paths: there are only so many sequence ids.</param>
    /// <param name="leastReach">Candidates less likely to be reached are left out.</param>
    internal void Plan(TokenTree candidates, TokenTree plan, int maxDrafts, int maxPaths, float leastReach)
    {
        if (_planned.Length < candidates.Count) _planned = new int[2 * candidates.Count];
        _planned[0] = 0;
        _open.Clear();
        Open(candidates, 0);
        var leaves = 1;
        while (plan.Count <= maxDrafts && _open.TryDequeue(out var node, out _) && candidates.Reach(node) >= leastReach)
        {
            var parent = _planned[candidates.Parent(node)];
            var opensPath = plan.FirstChild(parent) >= 0;
            if (opensPath && leaves == maxPaths) continue;
            if (opensPath) leaves++;
            _planned[node] = plan.Add(parent, candidates.Token(node), candidates.Reach(node) / plan.Reach(parent));
            Open(candidates, node);
        }
    }

    /// <summary>
    /// Hangs chains of prompt tokens under the nodes of a plan, the likeliest first, while there are rows and paths: where acceptance may well stop, and as long as
    /// what they guess tends to be right.
    /// </summary>
    /// <param name="plan">The tree to be decoded.</param>
    /// <param name="hitRates">Per prompt token, how often its best guess and those before it are right; as many as there are prompt tokens.</param>
    /// <param name="ensemble">Rows per prompt token.</param>
    /// <param name="maxRows">Most rows of the tree and its chains.</param>
    /// <param name="maxPaths">Most paths: a chain takes one per ensemble member, of which a leaf has one already.</param>
    /// <param name="room">Tokens that may still be emitted: guesses beyond them are of no use, and their positions may not exist.</param>
    /// <param name="leastReach">As for guesses.</param>
    internal static void AddPrompts(TokenTree plan, ReadOnlySpan<float> hitRates, int ensemble, int maxRows, int maxPaths, int room, float leastReach)
    {
        var (rows, paths) = (plan.Count, 0);
        for (var node = 0; node < plan.Count; node++)
            if (plan.FirstChild(node) < 0) paths++;
        for (var node = 0; node < plan.Count; node++)
        {
            var stop = plan.Reach(node);
            for (var child = plan.FirstChild(node); child >= 0; child = plan.NextSibling(child)) stop -= plan.Reach(child);
            // this node's token and the one drawn after it come before the first guess is verified
            var length = Math.Min(hitRates.Length, Math.Min(room - 2 - plan.Depth(node), (maxRows - rows) / ensemble));
            var opened = plan.FirstChild(node) < 0 ? ensemble - 1 : ensemble;
            while (length > 0 && stop * hitRates[length - 1] < PromptShare * leastReach) length--;
            if (length < 1 || paths + opened > maxPaths) continue;
            plan.AddPrompts(node, length);
            rows += length * ensemble;
            paths += opened;
        }
    }

    void Open(TokenTree candidates, int node)
    {
        for (var child = candidates.FirstChild(node); child >= 0; child = candidates.NextSibling(child)) _open.Enqueue(child, -candidates.Reach(child));
    }
}
