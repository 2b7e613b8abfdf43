namespace Ppd.Cli.Bench;

/// <summary>The planner's choice compared with the best forced size in hindsight. The best of several noisy speeds is flattered, so a perfect choice may show less than 1.</summary>
/// <param name="BestForcedRows">Rows of the fastest forced size.</param>
/// <param name="BestForcedTokensPerSecond">Its median over the prompts.</param>
/// <param name="AutoTokensPerSecond">The same of the arm all with the plan auto; null where it was not measured.</param>
/// <param name="AutoOfBest">Median over the prompts of the ratio of the two, measured round by round; null where it was not measured.</param>
sealed record PlannerFacts(int BestForcedRows, double BestForcedTokensPerSecond, double? AutoTokensPerSecond, double? AutoOfBest)
{
    /// <param name="sizes">Rows of the forced sizes.</param>
    /// <param name="samples">Of all arms, each with a speed.</param>
    /// <returns>Null where there are no forced sizes.</returns>
    internal static PlannerFacts? Of(IReadOnlyList<int> sizes, IReadOnlyList<ArmSamples> samples)
    {
        if (sizes.Count == 0) return null;
        var (rows, best) = sizes.Select(rows => (Rows: rows, Samples: samples.Single(arm => arm.Name == ForcedSizes.Name(rows)))).MaxBy(size => Speed(size.Samples));
        var auto = samples.SingleOrDefault(arm => IsAuto(arm.Name, arm.Plan));
        return new PlannerFacts(rows, Speed(best) ?? 0, Speed(auto), auto == null ? null : SpeedSummary.Of(auto.Speeds, best.Speeds)?.Speedup);
    }

    /// <summary>Whether an arm has all sources and leaves the choice to the planner.</summary>
    internal static bool IsAuto(string name, string? plan) => name == BenchArm.All.Name() && plan == PpdPlan.Auto.ToString();

    static double? Speed(ArmSamples? arm) => arm == null ? null : SpeedSummary.Of(arm.Speeds, arm.Speeds)?.Median;
}
