namespace Ppd.Planning;

/// <summary>What becomes of a set of static trees in the long run: the Markov chain of the states (algorithm.md 5.4).</summary>
/// <param name="Shares">[states] share of the steps.</param>
/// <param name="Gain">Tokens per millisecond.</param>
/// <param name="Values">[states] tokens that beginning in a state is worth more than beginning in the last one.</param>
sealed record SteadyState(double[] Shares, double Gain, double[] Values)
{
    // So often a new text begins, in the last state. Without it some trees never lead from one group of states to another and have no single gain.
    const double Restart = 1e-9;

    internal static SteadyState Of(IReadOnlyList<StaticTree> states, Func<int, double> milliseconds)
    {
        var count = states.Count;
        var last = count - 1;
        var shares = new double[count, count + 1];      // equations: coefficients of the shares, right side
        var values = new double[count, count + 1];      // of the values, that of the last one, which is 0, replaced by the gain
        for (var from = 0; from < count; from++)
        {
            var outcomes = states[from].Outcomes(last);
            for (var to = 0; to < count; to++)
            {
                var probability = ((1 - Restart) * outcomes[to]) + (to == last ? Restart : 0);
                var coefficient = (from == to ? 1 : 0) - probability;
                // share(to) = sum of share(from) p(from, to); one of these follows from the others and gives way to: the shares sum to 1
                shares[to, from] = to == last ? 1 : coefficient;
                // value(from) + gain * time(from) = tokens(from) + sum of p(from, to) value(to)
                values[from, to] = to == last ? milliseconds(states[from].Rows) : coefficient;
            }
            values[from, count] = 1 + states[from].ExpectedAccepted;
        }
        shares[last, count] = 1;
        var solution = Solve(values);
        var gain = solution[last];
        solution[last] = 0;
        return new SteadyState([.. Solve(shares).Select(share => Math.Max(0, share))], gain, solution);    // rounding leaves shares of -1e-17
    }

    // Gauss-Jordan elimination with row pivots; the last column is the right side.
    static double[] Solve(double[,] equations)
    {
        var count = equations.GetLength(0);
        for (var column = 0; column < count; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < count; row++)
                if (Math.Abs(equations[row, column]) > Math.Abs(equations[pivot, column])) pivot = row;
            for (var i = 0; i <= count; i++) (equations[column, i], equations[pivot, i]) = (equations[pivot, i], equations[column, i]);
            for (var row = 0; row < count; row++)
            {
                if (row == column) continue;
                var factor = equations[row, column] / equations[column, column];
                for (var i = column; i <= count; i++) equations[row, i] -= factor * equations[column, i];
            }
        }
        var solution = new double[count];
        for (var i = 0; i < count; i++) solution[i] = equations[i, count] / equations[i, i];
        return solution;
    }
}
