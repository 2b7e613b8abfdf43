using System.Globalization;
using System.Text;
using Ppd.Training.Prompts;

namespace Ppd.Training.Ablation;

/// <summary>How one variant did.</summary>
/// <param name="Variant">Which.</param>
/// <param name="Hits">Its best evaluation.</param>
/// <param name="Steps">Steps made in the time given.</param>
/// <param name="Seconds">Processor time of the training, evaluations included.</param>
/// <param name="Parameters">Numbers trained.</param>
sealed record VariantResult(Variant Variant, HitRates Hits, int Steps, double Seconds, long Parameters);

/// <summary>The comparison as a Markdown file; rewritten after every variant.</summary>
static class AblationReport
{
    static readonly int[] Budgets = [4, 8, 16, 32];

    /// <param name="path">File.</param>
    /// <param name="heading">What was trained on what.</param>
    /// <param name="results">So far.</param>
    /// <param name="missing">Variants that were not run.</param>
    public static void Write(string path, string heading, IReadOnlyList<VariantResult> results, IReadOnlyList<string> missing)
    {
        var report = new StringBuilder(heading).AppendLine().AppendLine();
        report.AppendLine("Hit rates in % as top-1/top-5/top-10 per distance; tokens per step of the best static trees with that many rows, root and prompt tokens included,");
        report.AppendLine("where an ensemble's row count is that of one row per prompt token. Medusa's heads need no rows: its trees are priced as if they did, which is to its disadvantage.").AppendLine();
        report.AppendLine("| variant | question | parameters | steps | CPU s | distance 1 | 2 | 3 | " + string.Join(" | ", Budgets.Select(rows => $"{rows} rows")) + " |");
        report.AppendLine("|---|---|---|---|---|---|---|---|" + string.Concat(Budgets.Select(_ => "---|")));
        foreach (var result in results) report.AppendLine(Row(result));
        if (missing.Count > 0) report.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Not run: {string.Join(", ", missing)}.");
        File.WriteAllText(path, report.ToString());
    }

    static string Row(VariantResult result)
    {
        var estimate = new TreeEstimate(result.Hits.Rates);
        var distances = Enumerable.Range(1, 3).Select(d => d > result.Hits.Rates.Length ? "" : string.Join('/', new[] { 1, 5, 10 }
            .Select(ranks => (100 * result.Hits.Top(d, ranks)).ToString("0.0", CultureInfo.InvariantCulture))));
        return string.Create(CultureInfo.InvariantCulture, $"| {result.Variant.Name} | {result.Variant.Question} | {result.Parameters} | {result.Steps} | {result.Seconds:0} | ")
            + string.Join(" | ", distances) + " | " + string.Join(" | ", Budgets.Select(rows => estimate.TokensPerStep(rows).ToString("0.00", CultureInfo.InvariantCulture))) + " |";
    }
}
