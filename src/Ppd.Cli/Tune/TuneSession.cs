using System.Globalization;
using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>What was found.</summary>
/// <param name="Rounds">Every value that was tried.</param>
/// <param name="Default">What a load without a profile takes, against <paramref name="Chosen"/>.</param>
/// <param name="Chosen">What suits this machine best; gain 1 and the default itself where that is.</param>
/// <param name="DefaultCosts">Time of steps with the default settings.</param>
/// <param name="ChosenCosts">Time of steps with the chosen settings.</param>
/// <param name="PromptLength">Tokens of the prompts whose speed was measured.</param>
/// <param name="Basis">On what the expected speeds rest.</param>
/// <param name="Notes">What was left out, and why.</param>
sealed record TuneResult(IReadOnlyList<SearchRound> Rounds, Trial Default, Trial Chosen, CostMeasurement DefaultCosts, CostMeasurement ChosenCosts,
    int PromptLength, string Basis, IReadOnlyList<string> Notes);

/// <summary>The settings that are tried, in order, and the last comparison with the defaults.</summary>
sealed class TuneSession(PpdModelOptions options, ModelSource source, bool quick)
{
    const int MostThreadValues = 6;
    const int Repeats = 3;
    const double LeastTurn = 1 / 1.03;      // the whole must not be worse than the defaults, whatever the steps on the way said

    static readonly int[] BatchSizes = [128, 512, 2048];

    /// <summary>Takes seconds with a small model, minutes with a large one.</summary>
    /// <param name="withProgress">Called with the number of measurements; runs what it is given, which reports how many are done.</param>
    internal async Task<TuneResult> Run(Func<int, Func<Action<int>, Task>, Task> withProgress)
    {
        var start = MachineSettings.Default(source.Gpu);
        using var meter = new SettingsMeter(options, source, start, quick);
        List<string> notes = [];
        var settings = Settings(meter, notes);
        var repeats = quick ? 1 : Repeats;
        var total = repeats * (settings.Sum(setting => setting.Alternatives(start).Append(start).Distinct().Count()) + 2) + 2;
        TuneResult? result = null;
        await withProgress(total, report => Task.Run(() =>
        {
            var done = 0;
            SettingsSample Measure(MachineSettings candidate)
            {
                var sample = meter.Measure(candidate);
                report(++done);
                return sample;
            }
            result = Run(meter, settings, new SettingsSearch(Measure, repeats) { Best = start }, notes);
            report(total);
        }));
        return result!;
    }

    static TuneResult Run(SettingsMeter meter, IReadOnlyList<Setting> settings, SettingsSearch search, List<string> notes)
    {
        var start = search.Best;
        List<SearchRound> rounds = [];
        foreach (var setting in settings)
        {
            rounds.Add(search.Try(setting));
            if (search.Best.RepackWeights == start.RepackWeights) meter.Keep(search.Best);  // else both are needed once more
        }
        var last = search.Compare([.. new[] { start, search.Best }.Distinct()], sample => sample.Turn);
        var chosen = last[^1];
        if (chosen.Gain < LeastTurn)
        {
            notes.Add($"{chosen.Settings} were chosen one by one, but turned out slower together than the defaults, which stay.");
            chosen = last[0];
        }
        var chosenCosts = meter.MeasureCosts(chosen.Settings);
        var defaultCosts = chosen == last[0] ? chosenCosts : meter.MeasureCosts(start);
        return new TuneResult(rounds, last[0], chosen, defaultCosts, chosenCosts, meter.PromptLength, meter.Basis, notes);
    }

    IReadOnlyList<Setting> Settings(SettingsMeter meter, List<string> notes)
    {
        List<Setting> settings =
        [
            new("threads", s => s.Threads.ToString(CultureInfo.InvariantCulture), s => Threads(Environment.ProcessorCount).Select(threads => s with { Threads = threads }), sample => sample.Turn),
            new("flash attention", s => s.FlashAttention ? "on" : "off", s => [s with { FlashAttention = !s.FlashAttention }], sample => sample.Turn),
        ];
        var (needed, available) = (2 * source.Info.WeightBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed < available) settings.Add(new("weights", s => s.RepackWeights ? "repacked" : "as in the file", s => [s with { RepackWeights = !s.RepackWeights }], sample => sample.Turn));
        else notes.Add(FormattableString.Invariant($"Repacked weights were not compared with those of the file: both take {needed / 1e9:0.0} GB, and the machine has {available / 1e9:0.0} GB."));
        var batches = BatchSizes.Where(size => size <= meter.PromptLength).ToArray();
        settings.Add(new("batch", s => s.BatchSize.ToString(CultureInfo.InvariantCulture), s => batches.Select(size => s with { BatchSize = size }), sample => 1 / sample.Prefill));
        if (batches.Length < BatchSizes.Length)
            notes.Add($"Batches of more than {meter.PromptLength} tokens were not tried: the context is shorter, or a prompt of so many tokens takes too long.");
        return settings;
    }

    /// <summary>1, 2, 4 ... and all processors; of many, the larger ones.</summary>
    internal static int[] Threads(int processors)
    {
        List<int> values = [];
        for (var threads = 1; threads < processors; threads *= 2) values.Add(threads);
        return [.. values.Append(processors).TakeLast(MostThreadValues)];
    }
}
