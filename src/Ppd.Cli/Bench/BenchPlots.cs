using System.Globalization;

namespace Ppd.Cli.Bench;

/// <summary>A result as pictures.</summary>
static class BenchPlots
{
    const int PlottedRanks = 5;     // later ones are seldom right

    internal static void WriteAll(string folder, BenchResult result)
    {
        var subject = $"{result.Model.File}, {result.Machine.Cpu}, {result.Options.ThreadsText}";
        CostCurve(Path.Combine(folder, "cost_curve.png"), subject, result.CostCurve);
        Speed(Path.Combine(folder, "speed.png"), subject, result.Arms);
        StepTime(Path.Combine(folder, "step_time.png"), subject, result.Arms);
        if (result.Options.Sizes.Count > 0) SpeedBySize(Path.Combine(folder, "speed_by_size.png"), subject, result.Options.Sizes, result.Arms);
        // the arm that has no other guesses says most
        if (result.Arms.OrderBy(arm => arm.Name != BenchArm.PromptTokens.Name()).FirstOrDefault(arm => arm.AcceptanceByDepth is { Count: > 0 }) is { } guessing)
            Acceptance(Path.Combine(folder, "acceptance.png"), $"arm {guessing.Name}, {subject}", guessing.AcceptanceByDepth!);
    }

    static void CostCurve(string path, string subject, CostCurveFacts curve) =>
        new Chart($"Time of a step by its rows: {subject}", "rows", "ms, cache empty")
            .WriteLines(path, [new Chart.Series("measured", [.. curve.Rows.Select(rows => (double)rows)], [.. curve.Milliseconds])]);

    static void Speed(string path, string subject, IReadOnlyList<ArmResult> arms) =>
        new Chart($"Speed: {subject}", "median over the prompts; whiskers: slowest and fastest prompt", "tokens/s").WriteColumns(path, ["median"],
            [.. arms.Select(arm => new Chart.Column(Caption(arm, $"{arm.SpeedupVsPlain:0.00}x"), [arm.TokensPerSecond.Median], (arm.TokensPerSecond.Min, arm.TokensPerSecond.Max)))]);

    // a peer does not tell
    static void StepTime(string path, string subject, IReadOnlyList<ArmResult> arms) =>
        new Chart($"Time of a step: {subject}", "", "ms").WriteColumns(path, ["llama_decode", "host"],
            [.. arms.Where(arm => arm.DecodeMsPerStep != null).Select(arm =>
                new Chart.Column(Caption(arm, $"{arm.TokensPerStep:0.00} tokens"), [arm.DecodeMsPerStep ?? 0, (arm.HostUsPerStep ?? 0) / 1000]))]);

    static void SpeedBySize(string path, string subject, IReadOnlyList<int> sizes, IReadOnlyList<ArmResult> arms)
    {
        var forced = sizes.Select(rows => arms.Single(arm => arm.Name == ForcedSizes.Name(rows)));
        List<Chart.Series> series = [new("forced size", [.. sizes.Select(rows => (double)rows)], [.. forced.Select(arm => arm.TokensPerSecond.Median)])];
        if (arms.SingleOrDefault(arm => PlannerFacts.IsAuto(arm.Name, arm.Plan)) is { RowsPerStep: { } mean } auto)
            series.Add(new("chosen by the planner", [mean], [auto.TokensPerSecond.Median]));
        new Chart($"Speed by the size of a step: {subject}", "rows: at most where forced, on average where chosen", "tokens/s").WriteLines(path, series);
    }

    static void Acceptance(string path, string subject, IReadOnlyList<AcceptanceCount> counts)
    {
        var depths = Enumerable.Range(1, counts.Max(count => count.Depth)).ToArray();
        var groups = depths.Select(depth => $"{depth}\n{counts.Where(count => count.Depth == depth).Sum(count => count.Verified)} verified");
        var bars = counts.Where(count => count.Rank <= PlottedRanks)
            .Select(count => new Chart.GroupBar(count.Depth - 1, count.Rank - 1, (double)count.Right / count.Verified, Share.Interval(count.Right, count.Verified)));
        new Chart($"Guesses of prompt tokens: {subject}", "depth in the tree; whiskers: 95 % intervals", "share right, where all before it is right").WriteGroups(path, [.. groups],
            [.. Enumerable.Range(1, Math.Min(PlottedRanks, counts.Max(count => count.Rank))).Select(rank => $"rank {rank}")], [.. bars]);
    }

    static string Caption(ArmResult arm, FormattableString figure) => $"{arm.Name}\n{figure.ToString(CultureInfo.InvariantCulture)}";
}
