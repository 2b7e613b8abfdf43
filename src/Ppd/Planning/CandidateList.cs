namespace Ppd.Planning;

/// <summary>The most probable candidates of a state, in the order in which a growing tree takes them up (algorithm.md 5.2 and 5.3).</summary>
sealed class CandidateList
{
    readonly List<Candidate> _candidates = [];
    readonly List<double> _accepted = [0];      // [count + 1] expected accepted candidates of the tree with so many

    /// <param name="table">Accuracies.</param>
    /// <param name="depth">Largest depth.</param>
    /// <param name="most">Most candidates.</param>
    internal CandidateList(AccuracyTable table, int depth, int most)
    {
        var open = new PriorityQueue<Candidate, double>();
        Open(new Candidate(-1, 1, 0, 0, 1), 1);
        while (_candidates.Count < most && open.TryDequeue(out var next, out _))
        {
            _candidates.Add(next);
            _accepted.Add(_accepted[^1] + next.Reach);
            // Neither the next sibling nor the first child is more probable; from these two every path is come by exactly once.
            Open(next with { Index = next.Index + 1 }, next.Parent < 0 ? 1 : _candidates[next.Parent].Reach);
            if (next.Depth < depth) Open(new Candidate(_candidates.Count - 1, next.Depth + 1, 0, 0, 0), next.Reach);
        }

        void Open(Candidate place, double parentReach)
        {
            var guesses = table.At(place.Depth);
            if (place.Index >= guesses.Length) return;
            var (rank, rate) = guesses[place.Index];
            var reach = parentReach * rate;
            open.Enqueue(place with { Rank = rank, Reach = reach }, -reach);
        }
    }

    internal int Count => _candidates.Count;

    /// <summary>Expected accepted candidates of the tree of the first <paramref name="count"/>.</summary>
    internal double Accepted(int count) => _accepted[count];

    /// <summary>The tree of the first candidates, all with as many prompt tokens as there are distances but for those that are removed to make it fit.</summary>
    /// <param name="count">Candidates.</param>
    /// <param name="size">Most candidates and prompt tokens under them.</param>
    /// <param name="accepted">[distances + 1] expected accepted candidates of the next tree, by the state.</param>
    internal StaticTree Tree(int count, int size, ReadOnlySpan<double> accepted)
    {
        var distances = accepted.Length - 1;
        var stop = new double[count];           // probability that acceptance stops there
        var prompts = new int[count];
        for (var i = 0; i < count; i++)
        {
            var (parent, reach) = (_candidates[i].Parent, _candidates[i].Reach);
            prompts[i] = distances;
            stop[i] = reach;
            if (parent >= 0) stop[parent] -= reach;
        }
        var losses = new PriorityQueue<int, (double Loss, int Index)>();
        for (var i = 0; i < count; i++) Offer(i, accepted);
        for (var rows = count * (1 + distances); rows > size && losses.TryDequeue(out var i, out _); rows--)
        {
            prompts[i]--;
            Offer(i, accepted);
        }
        return new StaticTree([.. _candidates.Zip(prompts, (node, n) => new StaticNode(node.Parent, node.Depth, node.Rank, (float)node.Reach, n))], distances);

        // One prompt token fewer costs the difference between two states, where acceptance stops here; the last one stays.
        void Offer(int i, ReadOnlySpan<double> accepted)
        {
            if (prompts[i] > 1) losses.Enqueue(i, (stop[i] * (accepted[prompts[i]] - accepted[prompts[i] - 1]), i));
        }
    }

    /// <param name="Parent">Index in the list; -1 is the root.</param>
    /// <param name="Depth">From 1.</param>
    /// <param name="Index">Among the guesses at the distance, the most accurate first.</param>
    /// <param name="Rank">In the order of the model's output.</param>
    /// <param name="Reach">Probability that it is right and all above it.</param>
    readonly record struct Candidate(int Parent, int Depth, int Index, int Rank, double Reach);
}
