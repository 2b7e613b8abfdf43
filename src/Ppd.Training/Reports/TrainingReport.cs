using System.Globalization;
using System.Text;
using Ppd.Drafting;
using Ppd.Training.Prompts;

namespace Ppd.Training.Reports;

/// <summary>The end-of-run report beside a prompt-token file: what was trained, how good it is, and how it came to be.</summary>
static class TrainingReport
{
    /// <summary>Writes <c>name.ppd.md</c> and <c>name.ppd.png</c>.</summary>
    public static void Write(string path, PromptTokens tokens, HitRates hits, IReadOnlyList<ProgressPoint> history)
    {
        var plot = Path.ChangeExtension(path, ".png");
        TrainingPlot.Write(plot, history);
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"# Prompt tokens for {tokens.Model.Name}").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"{tokens.Count} prompt tokens, {tokens.Ensemble} row(s) each, mask {PromptTokenFile.MaskName(tokens.Mask)}; model {tokens.Model}.").AppendLine();
        report.AppendLine(AccuracyTable.Of(hits, history[0].Hits));
        report.AppendLine("These are places in the model's own greedy continuations of held-out text. Other text, other sampling and other prompts have other rates.").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"![Loss and hit rates]({Uri.EscapeDataString(Path.GetFileName(plot))})").AppendLine();
        report.AppendLine("| setting | value |").AppendLine("|---|---|");
        foreach (var (name, value) in tokens.Training) report.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {value} |");
        report.AppendLine().AppendLine("| step | loss | top-1 at 1 | top-10 at 1 | tokens per step, 16 rows |").AppendLine("|---|---|---|---|---|");
        foreach (var point in history)
        {
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {point.Step} | {(point.Step == 0 ? "" : point.Loss.ToString("0.000", CultureInfo.InvariantCulture))} | {point.Hits.Top(1, 1):0.000} | {point.Hits.Top(1, 10):0.000} | {point.Hits.Score:0.000} |");
        }
        File.WriteAllText(Path.ChangeExtension(path, ".md"), report.ToString());
    }
}
