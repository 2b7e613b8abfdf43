namespace Ppd.Planning;

/// <summary>The trees of all states. The state is the number of prompt tokens under the node at which the last step stopped: so many distances can be guessed.</summary>
/// <param name="States">[distances + 1] the tree of state k has at most depth k; that of state 0 is the root with its prompt tokens.</param>
/// <param name="Stationary">[distances + 1] share of the steps that are made in the state.</param>
/// <param name="TokensPerStep">Expected, with the token that every step yields.</param>
sealed record StaticTrees(IReadOnlyList<StaticTree> States, IReadOnlyList<double> Stationary, double TokensPerStep)
{
    /// <summary>The publication's construction (algorithm.md 5.2 to 5.4).</summary>
    /// <param name="accuracy">[distances][ranks] how often the guess of a rank is right.</param>
    /// <param name="size">Most candidates and prompt tokens under them in a tree, from 2; the root and its prompt tokens, one per distance, come on top.</param>
    internal static StaticTrees Published(float[][] accuracy, int size) => PublishedTrees.Build(new AccuracyTable(accuracy), size);

    /// <summary>The trees with the most tokens per step of all that have at most so many rows (algorithm.md 5.6).</summary>
    /// <param name="accuracy">As for <see cref="Published"/>.</param>
    /// <param name="rows">Most rows of a tree, root and root prompts included; from 1, which is plain decoding.</param>
    internal static StaticTrees Optimal(float[][] accuracy, int rows) => Optimal(accuracy, _ => 1, rows);

    /// <summary>The trees with the most tokens per millisecond (algorithm.md 5.7). Their sizes differ where that pays.</summary>
    /// <param name="accuracy">As for <see cref="Published"/>.</param>
    /// <param name="milliseconds">Time of a step of so many rows.</param>
    /// <param name="mostRows">Most rows of a tree.</param>
    internal static StaticTrees Optimal(float[][] accuracy, Func<int, double> milliseconds, int mostRows) =>
        OptimalTrees.Build(new AccuracyTable(accuracy), milliseconds, mostRows);

    /// <summary>Expected, where a step of so many rows takes <paramref name="milliseconds"/>.</summary>
    internal double TokensPerMillisecond(Func<int, double> milliseconds) =>
        TokensPerStep / States.Zip(Stationary, (tree, share) => share * milliseconds(tree.Rows)).Sum();

    internal static StaticTrees Of(IReadOnlyList<StaticTree> states)
    {
        var steady = SteadyState.Of(states, _ => 1);
        return new StaticTrees(states, steady.Shares, steady.Gain);
    }
}
