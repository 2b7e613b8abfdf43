using ScottPlot;

namespace Ppd.Cli.Bench;

/// <summary>Numbers in, PNG files out; knows nothing of benchmarks.</summary>
/// <param name="Title">What is shown, of what.</param>
/// <param name="X">Name and unit of the horizontal axis.</param>
/// <param name="Y">Name and unit of the vertical axis, which begins at 0.</param>
sealed record Chart(string Title, string X, string Y)
{
    const int Width = 900, Height = 480, NameWidth = 95;     // pixels
    const double BarWidth = 0.6, WhiskerWidth = 0.2, GroupWidth = 0.8;
    const double Above = 1.05, AboveWithLegend = 1.25;      // ends of the axes, of the largest value
    const float PointSize = 12;
    const float LeftWidth = 75;     // pixels: numbers of five figures do not touch the axis' name

    /// <summary>A line over ascending values, or a single point.</summary>
    internal sealed record Series(string Name, double[] X, double[] Y);

    /// <summary>A column.</summary>
    /// <param name="Name">Below it.</param>
    /// <param name="Parts">Stacked from below, in the order of the parts' names.</param>
    /// <param name="Range">Least and largest value, drawn as a whisker; null for none.</param>
    internal sealed record Column(string Name, double[] Parts, (double Least, double Largest)? Range = null);

    /// <summary>A bar of a group, with a whisker.</summary>
    internal sealed record GroupBar(int Group, int Series, double Value, (double Least, double Largest) Range);

    internal void WriteLines(string path, IReadOnlyList<Series> series)
    {
        var plot = Labelled();
        foreach (var line in series)
        {
            var drawn = plot.Add.Scatter(line.X, line.Y);
            if (line.X.Length == 1) drawn.MarkerSize = PointSize;
            if (series.Count > 1) drawn.LegendText = line.Name;
        }
        plot.Axes.SetLimits(0, Above * series.Max(line => line.X.Max()), 0, (series.Count > 1 ? AboveWithLegend : Above) * series.Max(line => line.Y.Max()));
        if (series.Count > 1) plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(path, Width, Height);
    }

    /// <param name="path">File to write.</param>
    /// <param name="parts">Names of the parts of all columns.</param>
    /// <param name="columns">From left to right.</param>
    internal void WriteColumns(string path, IReadOnlyList<string> parts, IReadOnlyList<Column> columns)
    {
        var plot = Labelled();
        for (var part = 0; part < parts.Count; part++)
        {
            var bars = columns.Select((column, position) => new Bar
            {
                Position = position,
                ValueBase = column.Parts[..part].Sum(),
                Value = column.Parts[..(part + 1)].Sum(),
                Size = BarWidth,
                LineWidth = 0,
                FillColor = plot.Add.Palette.GetColor(part),
            });
            plot.Add.Bars(bars.ToArray());
        }
        for (var position = 0; position < columns.Count; position++)
            if (columns[position].Range is { } range) Whisker(plot, position, BarWidth, range.Least, range.Largest);
        Save(plot, path, [.. columns.Select(column => column.Name)], columns.Max(column => Math.Max(column.Parts.Sum(), column.Range?.Largest ?? 0)), parts);
    }

    /// <param name="path">File to write.</param>
    /// <param name="groups">Names, below the groups.</param>
    /// <param name="series">Names of what stands side by side in a group.</param>
    /// <param name="bars">Where there is none, a gap.</param>
    internal void WriteGroups(string path, IReadOnlyList<string> groups, IReadOnlyList<string> series, IReadOnlyList<GroupBar> bars)
    {
        var plot = Labelled();
        var width = GroupWidth / series.Count;
        foreach (var bar in bars)
        {
            var position = bar.Group + (width * (bar.Series - ((series.Count - 1) / 2.0)));
            plot.Add.Bar(new Bar { Position = position, Value = bar.Value, Size = width, LineWidth = 0, FillColor = plot.Add.Palette.GetColor(bar.Series) });
            Whisker(plot, position, width, bar.Range.Least, bar.Range.Largest);
        }
        Save(plot, path, groups, bars.Max(bar => bar.Range.Largest), series);
    }

    void Save(Plot plot, string path, IReadOnlyList<string> names, double largest, IReadOnlyList<string> colours)
    {
        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, names.Count).Select(position => (double)position)], [.. names]);
        plot.Axes.SetLimits(-0.6, names.Count - 0.4, 0, (colours.Count > 1 ? AboveWithLegend : Above) * largest);
        var legend = colours.Select((name, index) => new LegendItem { LabelText = name, FillColor = plot.Add.Palette.GetColor(index) });
        if (colours.Count > 1) plot.ShowLegend(legend.ToArray(), Alignment.UpperRight);
        plot.SavePng(path, Math.Max(Width, (int)LeftWidth + (NameWidth * names.Count)), Height);
    }

    Plot Labelled()
    {
        var plot = new Plot();
        plot.Title(Title);
        plot.XLabel(X);
        plot.YLabel(Y);
        plot.Axes.Left.MinimumSize = LeftWidth;
        return plot;
    }

    static void Whisker(Plot plot, double position, double barWidth, double least, double largest)
    {
        var half = WhiskerWidth * barWidth;
        foreach (var (left, bottom, right, top) in new[]
        {
            (position, least, position, largest), (position - half, least, position + half, least), (position - half, largest, position + half, largest),
        })
        {
            var line = plot.Add.Line(left, bottom, right, top);
            line.Color = Colors.Black;
            line.LineWidth = 1.5f;
        }
    }
}
