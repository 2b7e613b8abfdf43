using Ppd.Cli.Bench;
using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>The cost curves of a result as a picture.</summary>
static class TunePlot
{
    internal static void Write(string path, string model, TuneResult result)
    {
        List<Chart.Series> series = [Series("chosen", result.ChosenCosts)];
        if (result.Chosen.Settings != result.Default.Settings) series.Add(Series("default", result.DefaultCosts));
        new Chart($"Time of a step by its rows: {model}", "rows", "ms, cache empty").WriteLines(path, series);
    }

    static Chart.Series Series(string name, CostMeasurement costs) => new(name, [.. costs.Rows.Select(rows => (double)rows)], [.. costs.Times]);
}
