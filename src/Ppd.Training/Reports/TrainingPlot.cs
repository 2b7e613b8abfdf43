using Ppd.Training.Prompts;
using ScottPlot;

namespace Ppd.Training.Reports;

/// <summary>Loss and hit rates over the steps of a run.</summary>
static class TrainingPlot
{
    const int Width = 900, Height = 420;

    public static void Write(string path, IReadOnlyList<ProgressPoint> history)
    {
        var plot = new Plot();
        var steps = history.Select(point => (double)point.Step).ToArray();
        for (var distance = 1; distance <= history[0].Hits.Rates.Length; distance++)
        {
            var line = plot.Add.Scatter(steps, history.Select(point => 100.0 * point.Hits.Top(distance, 10)).ToArray());
            line.LegendText = $"top-10, distance {distance}";
        }
        if (history.Count > 1)
        {
            var loss = plot.Add.Scatter(steps[1..], history.Skip(1).Select(point => point.Loss).ToArray());
            loss.LegendText = "loss (right)";
            loss.LinePattern = LinePattern.Dashed;
            loss.Axes.YAxis = plot.Axes.Right;
        }
        plot.XLabel("step");
        plot.YLabel("hit rate, %");
        plot.Axes.Right.Label.Text = "loss";
        plot.ShowLegend(Edge.Bottom);
        plot.SavePng(path, Width, Height);
    }
}
