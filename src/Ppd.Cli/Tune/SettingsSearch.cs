using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>One setting and what it may be.</summary>
/// <param name="Name">For people.</param>
/// <param name="Value">Text of the value that settings have for it.</param>
/// <param name="Alternatives">The given settings with each value of this one.</param>
/// <param name="Cost">By what values are compared; less is better.</param>
sealed record Setting(string Name, Func<MachineSettings, string> Value, Func<MachineSettings, IEnumerable<MachineSettings>> Alternatives, Func<SettingsSample, double> Cost);

/// <summary>What became of one value of a setting.</summary>
/// <param name="Settings">All settings it was measured with.</param>
/// <param name="Samples">In the order of the repeats; fewer of them where the first left no hope.</param>
/// <param name="Gain">How many times better than the value before, by the median of the repeats; 1 for that value itself.</param>
/// <param name="Chosen">Whether the search went on with it.</param>
sealed record Trial(MachineSettings Settings, IReadOnlyList<SettingsSample> Samples, double Gain, bool Chosen)
{
    internal double Median(Func<SettingsSample, double> figure) => SettingsSearch.Median(Samples.Select(figure));
}

/// <summary>All values of one setting.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Trials">The value before first.</param>
sealed record SearchRound(Setting Setting, IReadOnlyList<Trial> Trials);

/// <summary>
/// Varies one setting at a time around the best so far. The values of a setting are measured in turn, again and again, and compared within each repeat: what slows the
/// machine down for a while slows all of them, and one hiccup is outvoted.
/// </summary>
/// <param name="measure">Measures settings.</param>
/// <param name="repeats">Measurements of each value.</param>
sealed class SettingsSearch(Func<MachineSettings, SettingsSample> measure, int repeats)
{
    const double LeastGain = 1.03;      // less is noise, or not worth leaving what was tested most
    const double Hopeless = 0.5;        // so much worse in the first repeat is not measured again

    /// <summary>Best settings so far.</summary>
    internal required MachineSettings Best { get; set; }

    /// <summary>Tries the values of a setting and goes on with one that is better by more than 3 %, if there is any.</summary>
    internal SearchRound Try(Setting setting)
    {
        MachineSettings[] candidates = [Best, .. setting.Alternatives(Best).Where(settings => settings != Best).Distinct()];
        var trials = Compare(candidates, setting.Cost);
        var best = trials.MaxBy(trial => trial.Gain)!;
        if (best.Gain <= LeastGain) best = trials[0];
        Best = best.Settings;
        return new SearchRound(setting, [.. trials.Select(trial => trial with { Chosen = trial == best })]);
    }

    /// <summary>Measures settings in turn; gains are against the first of them.</summary>
    internal IReadOnlyList<Trial> Compare(MachineSettings[] candidates, Func<SettingsSample, double> cost)
    {
        var samples = candidates.Select(_ => new List<SettingsSample>()).ToArray();
        var gains = candidates.Select(_ => new List<double>()).ToArray();
        for (var repeat = 0; repeat < repeats && (repeat == 0 || candidates.Length > 1); repeat++)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                if (gains[i].Count > 0 && gains[i][0] < Hopeless) continue;
                samples[i].Add(measure(candidates[i]));
                gains[i].Add(i == 0 ? 1 : cost(samples[0][repeat]) / cost(samples[i][^1]));
            }
        }
        return [.. candidates.Select((settings, i) => new Trial(settings, samples[i], Median(gains[i]), Chosen: false))];
    }

    internal static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
