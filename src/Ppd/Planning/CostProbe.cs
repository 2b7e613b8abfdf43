using System.Diagnostics;
using Ppd.Native;

namespace Ppd.Planning;

/// <summary>Measures what a step costs by its rows, decoding such steps on an empty cache.</summary>
sealed class CostProbe(LlamaContext context, LlamaBatch batch, int positions, bool embeddings, TimeSpan budget)
{
    const int Rounds = 3;
    const int Trunk = 0;                // sequence id
    const int LongContext = 448;        // tokens

    // doubling first: where time runs out the shape is known at least
    static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 3, 5, 6, 7, 9, 10, 12, 14, 20, 24, 28, 40, 48, 56];

    readonly float[] _row = [.. Enumerable.Range(0, context.Model.EmbeddingLength).Select(i => MathF.Sin(i))];    // any numbers
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly SortedDictionary<int, List<double>> _times = [];
    readonly Dictionary<int, (double First, double Again)> _best = [];      // by size up to which the difference shows

    /// <summary>Takes about <paramref name="budget"/> at most, or as long as a step of one row and one of two; leaves the cache empty.</summary>
    /// <param name="context">An empty cache.</param>
    /// <param name="positions">Positions that the model knows.</param>
    /// <param name="embeddings">Whether rows are embeddings, as they are for a model with prompt tokens, or tokens.</param>
    /// <param name="budget">Time to take.</param>
    internal static CostMeasurement Measure(LlamaContext context, int positions, bool embeddings, TimeSpan budget)
    {
        using var batch = new LlamaBatch(CostCurve.MostRows, context.Model.EmbeddingLength);
        var probe = new CostProbe(context, batch, positions, embeddings, budget);
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
                if (rows <= positions && ((rows <= 2 && round == 0) || HasTimeFor(rows))) Measure(rows);
        var measured = new CostMeasurement([.. _times.Keys], [.. _times.Values.Select(Median)], 0, Rebuild());
        return measured with { PerRowAndToken = MeasureAttention(measured) };
    }

    // The first step of a size builds the graph, later ones use it again; and small models come back into the processor's caches.
    void Measure(int rows)
    {
        var (first, again) = (Step(rows, 0), double.PositiveInfinity);
        for (var i = 0; i < (rows <= 8 ? 4 : 2); i++) again = Math.Min(again, Step(rows, 0));
        Times(rows).Add(again);
        if (rows is 1 or > 8) return;   // steps of one row come after ones that were much larger
        var best = _best.GetValueOrDefault(rows, (First: first, Again: again));
        _best[rows] = (Math.Min(best.First, first), Math.Min(best.Again, again));
    }

    // A graph takes fractions of a millisecond to build; where the differences are larger they are noise.
    double Rebuild()
    {
        const double Most = 1;
        return _best.Count == 0 ? 0 : Math.Clamp(Median([.. _best.Values.Select(best => best.First - best.Again)]), 0, Math.Min(Most, _times[1].Min() / 2));
    }

    List<double> Times(int rows) => _times.TryGetValue(rows, out var times) ? times : _times[rows] = [];

    // Steps of a size already seen take as long again; others at most in proportion to the nearest smaller one.
    bool HasTimeFor(int rows)
    {
        var seen = _times.Keys.Where(size => size <= rows).Max();
        return _clock.Elapsed.TotalMilliseconds + (4 * _times[seen].Min() * rows / seen) < budget.TotalMilliseconds * 0.8;
    }

    double MeasureAttention(CostMeasurement measured)
    {
        var tokens = Math.Min(LongContext, positions - CostCurve.MostRows);
        var most = measured.Rows.Where(size => size <= 8).Max();
        var chunk = measured.Rows[^1];
        if (tokens < LongContext / 2 || _clock.Elapsed.TotalMilliseconds + (tokens / chunk * measured.Times[^1]) + (4 * measured.Milliseconds(most, 0)) > budget.TotalMilliseconds) return 0;
        for (var filled = 0; filled < tokens; filled += chunk) Decode(Math.Min(chunk, tokens - filled), filled);
        List<double> longer = [];
        Step(most, tokens);
        for (var round = 0; round < Rounds; round++) longer.Add(Step(most, tokens));
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
        for (var row = 0; row < rows; row++)
        {
            if (embeddings) batch.AddEmbedding(_row, position + row, [Trunk], wantsLogits: true);
            else batch.AddToken(row % context.Model.Vocabulary.Count, position + row, [Trunk], wantsLogits: true);
        }
        context.Decode(batch);
        _ = context.Logits(0);  // waits for the device
    }

    static double Median(List<double> times)
    {
        times.Sort();
        return times[(times.Count - 1) / 2];
    }
}
