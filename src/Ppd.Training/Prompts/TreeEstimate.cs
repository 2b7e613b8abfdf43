namespace Ppd.Training.Prompts;

/// <summary>
/// Expected tokens per step of the best static trees for an accuracy table: what the table is worth. The number of prompt tokens under the accepted node
/// limits the depth of the next tree; tree and prompt tokens are chosen together at a price per row, policy iteration links the steps.
/// </summary>
/// <param name="accuracy">[count][ranks] hit rates by distance and rank.</param>
sealed class TreeEstimate(float[][] accuracy)
{
    const int Iterations = 30, Bisections = 30;

    readonly double[] _relative = new double[accuracy.Length + 1];      // value of continuing with n prompt tokens, relative to all of them

    int Count => accuracy.Length;

    /// <summary>Tokens per step when a step has at most <paramref name="rows"/> rows, root and prompt tokens included.</summary>
    public double TokensPerStep(int rows)
    {
        Array.Clear(_relative);
        var values = new double[Count + 1];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            for (var depth = 0; depth <= Count; depth++) values[depth] = BestWithin(rows, depth);
            for (var depth = 0; depth <= Count; depth++) _relative[depth] = values[depth] - values[Count];
        }
        return values[Count];
    }

    // The price at which the best tree of this depth just fits.
    double BestWithin(int rows, int depth)
    {
        double low = 0, high = Count + 1;       // a row never brings more
        var best = 1.0;
        for (var i = 0; i < Bisections; i++)
        {
            var price = (low + high) / 2;
            var tree = Grow(1, 0, depth, price);
            if (tree.Rows + 1 <= rows)
            {
                best = Math.Max(best, 1 + tree.Tokens);
                high = price;
            }
            else low = price;
        }
        return best;
    }

    /// <summary>The best part of a tree below a node that is reached with probability <paramref name="reach"/>, at a price per row.</summary>
    Part Grow(double reach, int depth, int most, double price)
    {
        var best = Prompts(reach, price);
        var children = new Part(0, 0);
        var stop = reach;
        for (var rank = 0; depth < most && rank < accuracy[depth].Length; rank++)
        {
            var child = reach * accuracy[depth][rank];
            if (child * (Count + 1) < price) break;
            var below = Grow(child, depth + 1, most, price);
            children = new Part(children.Tokens + child + below.Tokens, children.Rows + 1 + below.Rows);
            stop -= child;
            var prompts = Prompts(Math.Max(0, stop), price);
            var whole = new Part(children.Tokens + prompts.Tokens, children.Rows + prompts.Rows);
            if (whole.Value(price) > best.Value(price)) best = whole;
        }
        return best;
    }

    // Prompt tokens under a node where acceptance stops with the given probability; tokens count relative to the full chain.
    Part Prompts(double stop, double price)
    {
        var best = new Part(stop * _relative[0], 0);
        for (var n = 1; n <= Count; n++)
        {
            var part = new Part(stop * _relative[n], n);
            if (part.Value(price) > best.Value(price)) best = part;
        }
        return best;
    }

    readonly record struct Part(double Tokens, int Rows)
    {
        public double Value(double price) => Tokens - price * Rows;
    }
}
