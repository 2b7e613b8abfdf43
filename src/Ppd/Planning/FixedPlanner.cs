using Ppd.Decoding;

namespace Ppd.Planning;

/// <summary>Picks the most probable candidates, up to a fixed number. It knows nothing of what a row costs.</summary>
sealed class FixedPlanner
{
    /// <summary>
    /// A guess should be right more often than not: a second row costs a CPU 1.2 to 1.9 times a step, depending on the weight type.
    /// </summary>
    internal const float WorthARow = 0.5f;

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

    void Open(TokenTree candidates, int node)
    {
        for (var child = candidates.FirstChild(node); child >= 0; child = candidates.NextSibling(child)) _open.Enqueue(child, -candidates.Reach(child));
    }
}
