using System.Globalization;
using Ppd.Drafting;

namespace Ppd.Cli.Inspect;

/// <summary>Facts about a prompt-token file as labelled rows.</summary>
static class PromptTokenReport
{
    const int RanksShown = 10;

    public static void Write(LabelledRows rows, PromptTokenFacts facts)
    {
        rows.Row("file", $"{facts.Path}, {Quantity.Bytes(facts.Bytes)}");
        if (facts.Content is { } content) WriteContent(rows, content);
        if (facts.Content is not null) rows.Row("fits the model", facts.FitsModel switch { null => "not known: there is no model beside the file", true => "yes", false => "no" });
        if (facts.Error is { } error) rows.Row("problem", error, LabelledRows.Bad);
    }

    static void WriteContent(LabelledRows rows, PromptTokenContent content)
    {
        var model = content.Model;
        rows.Row("trained for", $"{model.Name}, {model.Architecture}, width {model.Width}, {model.VocabularySize} tokens");
        rows.Row("fingerprint", model.Fingerprint);
        rows.Row("guesses", $"{content.Count} tokens ahead, {content.Ensemble} {(content.Ensemble == 1 ? "row" : "rows")} each" +
            (content.ConditionalRank is { } rank ? $", adapted to the token before with rank {rank}" : ""));
        rows.Row("mask", PromptTokenFile.MaskName(content.Mask));
        if (content.Accuracy is { } accuracy)
        {
            for (var i = 0; i < accuracy.Count; i++) rows.Row($"hit rates, {i + 1} ahead", Percentages(accuracy[i]));
        }
        else
        {
            rows.Row("hit rates", "not measured", LabelledRows.Warning);
        }
        rows.Row("calibration", content.Calibrated ? "yes" : "no: the model's own probabilities are believed");
        foreach (var (name, text) in content.Training.OrderBy(entry => entry.Key, StringComparer.Ordinal)) rows.Row(name, text);
    }

    // 41.2 12.5 7 … (top 20: 80.1) %
    static string Percentages(IReadOnlyList<float> ranks)
    {
        var shown = string.Join(' ', ranks.Take(RanksShown).Select(rate => (100 * rate).ToString("0.#", CultureInfo.InvariantCulture)));
        return FormattableString.Invariant($"{shown}{(ranks.Count > RanksShown ? " …" : "")} % by rank; top {ranks.Count} together {100 * ranks.Sum():0.#} %");
    }
}
