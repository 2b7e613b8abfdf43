using Ppd.Decoding;

namespace Ppd.Planning;

/// <summary>Picks the most probable candidates, up to a fixed number. It knows nothing of what a row costs.</summary>
sealed class FixedPlanner
{
    readonly PriorityQueue<int, float> _open = new();
    int[] _planned = new int[16];   // [candidates] node in the plan

    /// <summary>
    /// Copies up to <paramref name="maxDrafts"/> nodes of <paramref name="candidates"/> into <paramref name="plan"/>, most probable first. A child is never more
    /// probable than its parent, so the chosen nodes form a tree.
    /// </summary>
    internal void Plan(TokenTree candidates, TokenTree plan, int maxDrafts, int maxPaths)
    {
        if (_planned.Length < candidates.Count) _planned = new int[2 * candidates.Count];
        _planned[0] = 0;
        _open.Clear();
        Open(candidates, 0);
        var leaves = 1;
        while (plan.Count <= maxDrafts && _open.TryDequeue(out var node, out _))
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
