using System.Globalization;

namespace Ppd.Cli.Bench;

/// <summary>A result as pictures.</summary>
static class BenchPlots
{
    internal static void WriteAll(string folder, BenchResult result)
    {
        var subject = $"{result.Model.File}, {result.Machine.Cpu}, {result.Options.ThreadsText}";
        CostCurve(Path.Combine(folder, "cost_curve.png"), subject, result.CostCurve);
        Speed(Path.Combine(folder, "speed.png"), subject, result.Arms);
        StepTime(Path.Combine(folder, "step_time.png"), subject, result.Arms);
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

    static string Caption(ArmResult arm, FormattableString figure) => $"{arm.Name}\n{figure.ToString(CultureInfo.InvariantCulture)}";
}
