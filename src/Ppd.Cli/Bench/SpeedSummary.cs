namespace Ppd.Cli.Bench;

/// <summary>Speed of an arm over groups of prompts and rounds. Medians, for a machine that is not idle makes some runs slow and none fast.</summary>
/// <param name="Median">Tokens per second: median over the groups of the median over the rounds.</param>
/// <param name="Min">The slowest group's median.</param>
/// <param name="Max">The fastest group's median.</param>
/// <param name="Speedup">Median over the groups of their ratio to plain decoding, which is the median over the rounds of the ratio of the two runs of that round.</param>
/// <param name="WorstSpeedup">The least ratio of a group.</param>
/// <param name="WorstGroup">Its index.</param>
sealed record SpeedSummary(double Median, double Min, double Max, double Speedup, double WorstSpeedup, int WorstGroup)
{
    /// <param name="speeds">[groups][rounds]; 0 where a reply was too short to have a speed.</param>
    /// <param name="plain">The same of the plain arm.</param>
    /// <returns>Null where no group has a speed in both.</returns>
    internal static SpeedSummary? Of(IReadOnlyList<IReadOnlyList<double>> speeds, IReadOnlyList<IReadOnlyList<double>> plain)
    {
        List<(int Group, double Speed, double Ratio)> groups = [];
        for (var group = 0; group < speeds.Count; group++)
        {
            var pairs = speeds[group].Zip(plain[group]).Where(pair => pair.First > 0 && pair.Second > 0).ToList();
            if (pairs.Count > 0) groups.Add((group, MedianOf(pairs.Select(pair => pair.First)), MedianOf(pairs.Select(pair => pair.First / pair.Second))));
        }
        if (groups.Count == 0) return null;
        var worst = groups.MinBy(group => group.Ratio);
        return new SpeedSummary(MedianOf(groups.Select(group => group.Speed)), groups.Min(group => group.Speed), groups.Max(group => group.Speed),
            MedianOf(groups.Select(group => group.Ratio)), worst.Ratio, worst.Group);
    }

    internal static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
