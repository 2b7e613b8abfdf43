using System.Diagnostics;
using Ppd.Native;

namespace Ppd.Planning;

/// <summary>Measures what a step costs by its rows, decoding such steps on an empty cache.</summary>
sealed class CostProbe(LlamaContext context, LlamaBatch batch, int positions, bool embeddings, TimeSpan budget)
{
    const int Rounds = 3;
    const int Trunk = 0;                // sequence id
    const int LongContext = 448;        // tokens
    const double LongStep = 10;         // milliseconds; such steps are not repeated: what comes on top of the first one is small beside them
    const double MostSaved = 0.5;       // of a step of so many rows, without logits
    const int Always = 8;               // rows: up to there sizes that are powers of two are measured, however long they take

    // doubling first: where time runs out the shape is known at least
    static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 3, 5, 6, 7, 9, 10, 12, 14, 20, 24, 28, 40, 48, 56];

    readonly float[] _row = [.. Enumerable.Range(0, context.Model.EmbeddingLength).Select(i => MathF.Sin(i))];    // any numbers
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly SortedDictionary<int, List<double>> _ratios = [];      // by rows: times compared with one row's
    readonly List<double> _plain = [], _rebuilds = [];              // milliseconds of one row; differences of the first step of a size and later ones, compared with one row's
    double _lastPlain;

    /// <summary>Takes about <paramref name="budget"/> at most, or as long as some ten steps of up to eight rows; leaves the cache empty.</summary>
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
        Repeat(1);
        for (var round = 0; round < Rounds; round++)
            foreach (var rows in Sizes)
                if (rows <= positions && ((round == 0 && rows <= Always && int.IsPow2(rows)) || HasTimeFor(rows))) Measure(rows);
        var plain = Median(_plain);
        var measured = new CostMeasurement([.. _ratios.Keys], [.. _ratios.Values.Select(ratios => plain * Median(ratios))], 0, Rebuild(plain), MeasureOutputs(plain));
        return measured with { PerRowAndToken = MeasureAttention(measured) };
    }

    // A machine that others use too runs at half its speed for milliseconds or seconds: what counts is how long a step takes compared with steps of one row just before and behind it.
    void Measure(int rows)
    {
        var before = _lastPlain;
        var (first, again) = Repeat(rows);
        if (rows > 1) Repeat(1);
        var reference = Math.Sqrt(before * _lastPlain);
        if (!_ratios.TryGetValue(rows, out var ratios)) _ratios[rows] = ratios = [];
        ratios.Add(again / (rows == 1 ? _lastPlain : reference));
        if (rows is > 1 and <= 8 && again < first) _rebuilds.Add((first - again) / reference);
    }

    // The first step of a size builds the graph, later ones use it again; and small models come back into the processor's caches.
    (double First, double Again) Repeat(int rows)
    {
        var first = Step(rows, 0);
        var again = first > LongStep ? first : double.PositiveInfinity;
        var repeats = first > LongStep ? 0 : rows <= 8 ? 4 : 2;
        for (var i = 0; i < repeats; i++) again = Math.Min(again, Step(rows, 0));
        if (rows == 1) _plain.Add(_lastPlain = again);
        return (first, again);
    }

    // A graph takes fractions of a millisecond to build; where the differences are larger they are noise.
    double Rebuild(double plain)
    {
        const double Most = 1;
        return _rebuilds.Count == 0 ? 0 : Math.Clamp(plain * Median(_rebuilds), 0, Math.Min(Most, plain / 2));
    }

    // What steps save whose rows but the last have no logits. A first step of a kind builds its graph; where there is no time for a second one, that is small beside it.
    double MeasureOutputs(double plain)
    {
        if (!_ratios.TryGetValue(Always, out var ratios)) return 0;
        List<double> saved = [];
        for (var round = 0; round < (plain > LongStep ? 1 : Rounds); round++)
        {
            var (with, without) = (Best(Always), Best(1));
            saved.Add((with - without) / with);
        }
        return plain * Median(ratios) * Math.Clamp(Median(saved), 0, MostSaved) / (Always - 1);

        double Best(int outputs) => Enumerable.Range(0, plain > LongStep ? 1 : 4).Min(_ => Step(Always, 0, outputs));
    }

    // Steps of a size already seen take as long again; others at most in proportion to the nearest smaller one. Short ones are repeated.
    bool HasTimeFor(int rows)
    {
        var (plain, seen) = (_plain.Min(), _ratios.Keys.Where(size => size <= rows).Max());
        return _clock.Elapsed.TotalMilliseconds + ((plain > LongStep ? 1 : 4) * plain * ((_ratios[seen].Min() * rows / seen) + 1)) < budget.TotalMilliseconds * 0.8;
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
    double Step(int rows, int position, int outputs = CostCurve.MostRows)
    {
        var start = Stopwatch.GetTimestamp();
        Decode(rows, position, outputs);
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        context.RemoveCells(Trunk, position);
        return milliseconds;
    }

    void Decode(int rows, int position, int outputs = CostCurve.MostRows)
    {
        batch.Clear();
        for (var row = 0; row < rows; row++)
        {
            var wantsLogits = row >= rows - outputs;
            if (embeddings) batch.AddEmbedding(_row, position + row, [Trunk], wantsLogits);
            else batch.AddToken(row % context.Model.Vocabulary.Count, position + row, [Trunk], wantsLogits);
        }
        context.Decode(batch);
        _ = context.Logits(rows - 1);  // waits for the device
    }

    static double Median(List<double> times)
    {
        times.Sort();
        return times[(times.Count - 1) / 2];
    }
}
