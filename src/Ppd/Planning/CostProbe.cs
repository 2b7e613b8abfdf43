using System.Diagnostics;
using Ppd.Native;

namespace Ppd.Planning;

/// <summary>Measures what a step costs by its rows, decoding such steps on an empty cache.</summary>
sealed class CostProbe(LlamaContext context, LlamaBatch batch, TimeSpan budget)
{
    const int Rounds = 5;
    const int Trunk = 0;                // sequence id
    const int LongContext = 448;        // tokens

    // doubling first: where time runs out the shape is known at least
    static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 3, 5, 6, 7, 9, 10, 12, 14, 20, 24, 28, 40, 48, 56];

    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly SortedDictionary<int, List<double>> _times = [];

    /// <summary>Takes at most about <paramref name="budget"/>, but at least a step of one and of two rows; leaves the cache empty.</summary>
    internal static CostMeasurement Measure(LlamaContext context, LlamaBatch batch, TimeSpan budget)
    {
        var probe = new CostProbe(context, batch, budget);
        try
        {
            return probe.Measure();
        }
        finally
        {
            context.ClearCells();
        }
    }

    CostMeasurement Measure()
    {
        Step(1, 0);     // the first one allocates
        for (var round = 0; round < Rounds; round++)
            foreach (var rows in Sizes)
                if (rows <= 2 && round == 0 || HasTimeFor(rows)) Times(rows).Add(Step(rows, 0));
        var measured = new CostMeasurement([.. _times.Keys], [.. _times.Values.Select(Median)], 0);
        return measured with { PerRowAndToken = MeasureAttention(measured) };
    }

    List<double> Times(int rows) => _times.TryGetValue(rows, out var times) ? times : _times[rows] = [];

    // Steps of a size already seen take as long again; others at most in proportion to the nearest smaller one.
    bool HasTimeFor(int rows)
    {
        var seen = _times.Keys.Where(size => size <= rows).Max();
        return _clock.Elapsed.TotalMilliseconds + (_times[seen].Min() * rows / seen) < budget.TotalMilliseconds * 0.8;
    }

    double MeasureAttention(CostMeasurement measured)
    {
        var tokens = Math.Min(LongContext, context.Cells - CostCurve.MostRows);
        var most = measured.Rows.Where(size => size <= 8).Max();
        var chunk = measured.Rows[^1];
        if (tokens < LongContext / 2 || _clock.Elapsed.TotalMilliseconds + (tokens / chunk * measured.Times[^1]) + (4 * measured.Milliseconds(most, 0)) > budget.TotalMilliseconds) return 0;
        for (var filled = 0; filled < tokens; filled += chunk) Decode(Math.Min(chunk, tokens - filled), filled);
        List<double> longer = [];
        for (var round = 0; round < 3; round++) longer.Add(Step(most, tokens));
        return Math.Max(0, (Median(longer) - measured.Milliseconds(most, 0)) / most / tokens);
    }

    // Milliseconds of a step behind so many tokens; its cells are freed again.
    double Step(int rows, int position)
    {
        var start = Stopwatch.GetTimestamp();
        Decode(rows, position);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        context.RemoveCells(Trunk, position);
        return milliseconds;
    }

    void Decode(int rows, int position)
    {
        batch.Clear();
        for (var row = 0; row < rows; row++) batch.AddToken(row % context.Model.Vocabulary.Count, position + row, [Trunk], wantsLogits: true);
        context.Decode(batch);
        _ = context.Logits(0);  // waits for the device
    }

    static double Median(List<double> times)
    {
        times.Sort();
        return times[(times.Count - 1) / 2];
    }
}
