namespace Ppd.Training.Prompts;

/// <summary>How often guesses come true on held-out continuations.</summary>
/// <param name="Rates">[count][ranks] share of points where the guess of that rank is the token.</param>
/// <param name="Points">Chains measured.</param>
sealed record HitRates(float[][] Rates, int Points)
{
    /// <summary>What early stopping watches: tokens per step in trees of 16 rows.</summary>
    public double Score { get; } = new TreeEstimate(Rates).TokensPerStep(16);

    /// <summary>Share of points at a distance (from 1) where one of the best <paramref name="ranks"/> guesses is right.</summary>
    public float Top(int distance, int ranks) => Rates[distance - 1].Take(ranks).Sum();
}

/// <summary>One evaluation during a run.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Mean over the steps since the last one; 0 before the first step.</param>
/// <param name="Hits">On held-out text.</param>
sealed record ProgressPoint(int Step, double Loss, HitRates Hits);
