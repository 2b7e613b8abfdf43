namespace Ppd.Planning;

/// <summary>
/// The publication's search over the numbers of candidates per state (algorithm.md 5.4), for L candidates and prompt tokens and m distances. It tries ⌊L/(m+1)⌋
/// to ⌊L/2⌋, but at most as many as there are paths of full length. From L = 40 on that is its rule that state 1 has 10; below, it is what its files for 5, 10, 20
/// and 35 were made with. Some of its files, such as those for 20 and 61, differ, for its objective counts an empty step after every step that accepts nothing.
/// </summary>
sealed class PublishedTrees
{
    const int LeastSize = 2;        // a candidate and a prompt token under it
    const int Searched = 3;         // the publication's states; in those beyond as many candidates as in the last of them

    readonly int _size;
    readonly int _distances;
    readonly CandidateList[] _candidates;       // [distances + 1] by the state; none in state 0
    readonly int[] _least, _most;               // [distances + 1] candidates
    readonly int[] _counts;                     // [distances + 1] those looked at
    StaticTrees? _best;

    PublishedTrees(AccuracyTable table, int size)
    {
        _size = size;
        _distances = table.Distances;
        _candidates = [.. Enumerable.Range(0, _distances + 1).Select(state => new CandidateList(table, state, state == 0 ? 0 : size / 2))];
        (_least, _most) = (new int[_distances + 1], new int[_distances + 1]);
        var paths = 1;
        for (var state = 1; state <= _distances; state++)
        {
            paths = Math.Min(size, paths * Math.Clamp(table.At(state).Length, 1, size));
            _most[state] = Math.Min(_candidates[state].Count, paths);
            _least[state] = Math.Min(_most[state], Math.Max(1, size / (_distances + 1)));
        }
        _counts = new int[_distances + 1];
    }

    internal static StaticTrees Build(AccuracyTable table, int size)
    {
        if (size < LeastSize)
        {
            throw new ArgumentOutOfRangeException(nameof(size),
                $"Published trees of {size} candidates and prompt tokens were asked for; the least is {LeastSize}, a candidate and a prompt token under it.");
        }
        var search = new PublishedTrees(table, size);
        search.Try(1);
        return search._best!;
    }

    // Every number of candidates in this state and those after it.
    void Try(int state)
    {
        if (state > _distances)
        {
            Evaluate();
            return;
        }
        var (least, most) = (_least[state], _most[state]);
        if (state > Searched) least = most = Math.Clamp(_counts[Searched], least, most);
        for (_counts[state] = least; _counts[state] <= most; _counts[state]++) Try(state + 1);
    }

    void Evaluate()
    {
        var accepted = new double[_distances + 1];
        for (var state = 1; state <= _distances; state++) accepted[state] = _candidates[state].Accepted(_counts[state]);
        var trees = StaticTrees.Of([.. _candidates.Select((candidates, state) => candidates.Tree(_counts[state], _size, accepted))]);
        if (_best is null || trees.TokensPerStep > _best.TokensPerStep) _best = trees;
    }
}
