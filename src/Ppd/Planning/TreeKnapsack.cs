namespace Ppd.Planning;

/// <summary>
/// The best static tree for every number of rows, given what prompt tokens are worth in the next step. A subtree's worth is proportional to the probability that its root
/// is reached, so one table per depth holds for all nodes, and rows are shared out among children exactly, where a price per row would miss sizes between two prices.
/// </summary>
sealed class TreeKnapsack
{
    const double Tie = 1e-12;       // smaller differences are rounding: fewer rows win

    readonly AccuracyTable _table;
    readonly double[] _values;              // [distances + 1] of ending at a node with so many prompt tokens
    readonly int _depth, _most;
    readonly double[][] _worth;             // [depth + 1][rows below the node + 1], the node being reached
    readonly int[][] _prompts;              // [depth + 1][rows + 1] best number under the node
    readonly int[,][][] _childRows;         // [depth, prompts][children][rows + 1] rows below that child; -1 leaves it out

    /// <param name="table">Accuracies.</param>
    /// <param name="values">[distances + 1] what ending with so many prompt tokens is worth.</param>
    /// <param name="depth">Largest depth of a candidate: the state.</param>
    /// <param name="rows">Most rows of the tree.</param>
    internal TreeKnapsack(AccuracyTable table, double[] values, int depth, int rows)
    {
        (_table, _values, _depth, _most) = (table, values, depth, rows - 1);
        (_worth, _prompts, _childRows) = (new double[depth + 1][], new int[depth + 1][], new int[depth + 1, values.Length][][]);
        for (var level = depth; level >= 0; level--) Fill(level);
    }

    /// <summary>Accepted candidates and value of the last one, with at most <paramref name="rows"/>.</summary>
    internal double Worth(int rows) => _worth[0][rows - 1];

    internal StaticTree Tree(int rows)
    {
        List<StaticNode> nodes = [];
        return new StaticTree(nodes, Add(nodes, -1, 0, rows - 1, 1));
    }

    // W(b) = max over n of v(n) + max over children's rows of sum of a_i (1 + W'(b_i) - v(n)), with n + sum of (1 + b_i) <= b (5.6, per unit of reach)
    void Fill(int level)
    {
        var worth = _worth[level] = new double[_most + 1];
        var prompts = _prompts[level] = new int[_most + 1];
        Array.Fill(worth, double.NegativeInfinity);
        for (var n = 0; n < _values.Length; n++)
        {
            var gains = Children(level, n);
            for (var rows = n; rows <= _most; rows++)
            {
                var total = _values[n] + gains[rows - n];
                if (total > worth[rows] + Tie) (worth[rows], prompts[rows]) = (total, n);
            }
        }
    }

    // [rows + 1] what the best children add to a node with n prompt tokens, sharing at most so many rows
    double[] Children(int level, int n)
    {
        var gains = new double[_most + 1];
        var guesses = level < _depth ? _table.At(level + 1) : [];
        var children = Math.Min(guesses.Length, _most);
        var childRows = _childRows[level, n] = new int[children][];
        for (var child = 0; child < children; child++)
        {
            var rate = guesses[child].Rate;
            var below = _worth[level + 1];
            var with = new double[_most + 1];
            var chosen = childRows[child] = new int[_most + 1];
            for (var rows = 0; rows <= _most; rows++)
            {
                (with[rows], chosen[rows]) = (gains[rows], -1);
                for (var own = 0; own < rows; own++)
                {
                    var gain = gains[rows - 1 - own] + (rate * (1 + below[own] - _values[n]));
                    if (gain > with[rows] + Tie) (with[rows], chosen[rows]) = (gain, own);
                }
            }
            gains = with;
        }
        return gains;
    }

    // Adds what is below a node and returns its own prompt tokens.
    int Add(List<StaticNode> nodes, int parent, int level, int rows, double reach)
    {
        var prompts = _prompts[level][rows];
        var childRows = _childRows[level, prompts];
        var left = rows - prompts;
        // backwards, for the last child was shared out last
        for (var child = childRows.Length - 1; child >= 0; child--)
        {
            var own = childRows[child][left];
            if (own < 0) continue;
            left -= 1 + own;
            var (rank, rate) = _table.At(level + 1)[child];
            var index = nodes.Count;
            nodes.Add(default);
            nodes[index] = new StaticNode(parent, level + 1, rank, (float)(reach * rate), Add(nodes, index, level + 1, own, reach * rate));
        }
        return prompts;
    }
}
