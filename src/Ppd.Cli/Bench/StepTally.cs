namespace Ppd.Cli.Bench;

/// <summary>How often verified guesses of prompt tokens were right whose parent was right.</summary>
/// <param name="Depth">Tokens ahead of the one the step began with.</param>
/// <param name="Rank">1 for the likeliest of the guesses under one parent.</param>
/// <param name="Verified">Guesses.</param>
/// <param name="Right">Of these.</param>
sealed record AcceptanceCount(int Depth, int Rank, int Verified, int Right);

/// <summary>What steps were like. The engine tells it of every step on its one thread.</summary>
sealed class StepTally
{
    readonly SortedDictionary<int, int> _sizes = [];
    readonly SortedDictionary<(int Depth, int Rank), (int Verified, int Right)> _acceptance = [];

    /// <summary>Steps by their rows, smallest first.</summary>
    internal IReadOnlyDictionary<int, int> Sizes => _sizes;

    /// <summary>By depth, then rank.</summary>
    internal IReadOnlyList<AcceptanceCount> Acceptance =>
        [.. _acceptance.Select(entry => new AcceptanceCount(entry.Key.Depth, entry.Key.Rank, entry.Value.Verified, entry.Value.Right))];

    internal void Add(PpdStep step)
    {
        _sizes[step.Rows] = _sizes.GetValueOrDefault(step.Rows) + 1;
        var guesses = step.Guesses;
        var depths = new int[guesses.Count];
        for (var i = 0; i < depths.Length; i++) depths[i] = guesses[i].Parent < 0 ? 1 : depths[guesses[i].Parent] + 1;
        var families = Enumerable.Range(0, depths.Length).GroupBy(i => guesses[i].Parent);
        foreach (var family in families.Where(family => family.Key < 0 || guesses[family.Key].Accepted))
        {
            // where the reply ended, what followed the last right guess was not compared with the guesses
            if (step.Drawn == null && !family.Any(i => guesses[i].Accepted)) continue;
            var rank = 0;
            foreach (var i in family.Where(i => guesses[i].Source is PpdGuessSource.PromptToken or PpdGuessSource.Several).OrderByDescending(i => guesses[i].Probability))
            {
                rank++;
                var (verified, right) = _acceptance.GetValueOrDefault((depths[i], rank));
                _acceptance[(depths[i], rank)] = (verified + 1, right + (guesses[i].Accepted ? 1 : 0));
            }
        }
    }
}
