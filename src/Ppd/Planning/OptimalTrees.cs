namespace Ppd.Planning;

/// <summary>
/// The static trees with the most tokens per millisecond, by policy iteration (algorithm.md 5.6): what beginning in a state is worth follows from the trees, and the best
/// trees follow from that, until nothing gets better. A state is free to have a smaller tree than others; none carries a prompt token that does not pay.
/// </summary>
static class OptimalTrees
{
    const double LeastGain = 1e-6;      // tokens: the reaches of nodes are single precision
    const int MostRounds = 100;         // a handful is usual

    internal static StaticTrees Build(AccuracyTable table, Func<int, double> milliseconds, int mostRows)
    {
        if (mostRows < 1) throw new ArgumentOutOfRangeException(nameof(mostRows), $"Trees of {mostRows} rows were asked for; the least is 1, the root.");
        var costs = new double[mostRows + 1];       // [rows + 1]
        for (var rows = 1; rows <= mostRows; rows++)
        {
            costs[rows] = milliseconds(rows);
            if (!double.IsFinite(costs[rows]) || costs[rows] <= 0)
                throw new ArgumentException($"A step of {rows} rows is said to take {costs[rows]} ms; times are positive.", nameof(milliseconds));
        }

        // Plain decoding first: gains never fall, so staying without guesses is left for good where anything is better.
        var states = new StaticTree[table.Distances + 1];
        Array.Fill(states, new StaticTree([], 0));
        for (var round = 0; round < MostRounds; round++)
        {
            var steady = SteadyState.Of(states, rows => costs[rows]);
            var better = false;
            for (var state = 0; state < states.Length; state++)
            {
                var (tree, worth) = Best(new TreeKnapsack(table, steady.Values, state, mostRows), costs, steady.Gain);
                if (worth <= steady.Values[state] + (LeastGain * (1 + Math.Abs(steady.Values[state])))) continue;
                states[state] = tree;
                better = true;
            }
            if (!better) break;
        }
        return StaticTrees.Of(states);
    }

    // The tree worth most less the tokens that its time would yield otherwise.
    static (StaticTree Tree, double Worth) Best(TreeKnapsack trees, double[] costs, double gain)
    {
        var (best, most) = (1, double.NegativeInfinity);
        for (var rows = 1; rows < costs.Length; rows++)
        {
            // a tree that is no better than a smaller one is that one, and does not take the time of so many rows
            if (rows > 1 && trees.Worth(rows) <= trees.Worth(rows - 1)) continue;
            var worth = 1 + trees.Worth(rows) - (gain * costs[rows]);
            if (worth > most) (best, most) = (rows, worth);
        }
        return (trees.Tree(best), most);
    }
}
