using System.Globalization;
using System.Text;
using Ppd.Training.Prompts;

namespace Ppd.Training.Reports;

/// <summary>Hit rates as a Markdown table.</summary>
static class AccuracyTable
{
    static readonly int[] Budgets = [4, 8, 16, 32];

    /// <param name="trained">What is shown.</param>
    /// <param name="before">The same measured before training.</param>
    public static string Of(HitRates trained, HitRates before)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"Guesses that came true, in % of {trained.Points} places in held-out greedy continuations (before training):");
        table.AppendLine();
        table.AppendLine("| distance | top-1 | top-5 | top-10 |");
        table.AppendLine("|---|---|---|---|");
        for (var distance = 1; distance <= trained.Rates.Length; distance++)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {distance} ");
            foreach (var ranks in new[] { 1, 5, 10 })
                table.Append(CultureInfo.InvariantCulture, $"| {100 * trained.Top(distance, ranks):0.0} ({100 * before.Top(distance, ranks):0.0}) ");
            table.AppendLine("|");
        }
        table.AppendLine();
        table.AppendLine(CultureInfo.InvariantCulture, $"Expected tokens per step with static trees of {string.Join(", ", Budgets)} rows: {Expected(trained)} (before: {Expected(before)}).");
        return table.ToString();
    }

    public static string Expected(HitRates hits)
    {
        var estimate = new TreeEstimate(hits.Rates);
        return string.Join(", ", Budgets.Select(rows => estimate.TokensPerStep(rows).ToString("0.00", CultureInfo.InvariantCulture)));
    }
}
