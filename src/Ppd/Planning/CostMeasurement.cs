namespace Ppd.Planning;

/// <summary>Measured times of steps on one machine with one model and one set of settings.</summary>
/// <param name="Rows">[sizes] rows of the steps that were measured, ascending from 1.</param>
/// <param name="Times">[sizes] milliseconds, with an empty cache.</param>
/// <param name="PerRowAndToken">Milliseconds that every token in the cache adds to every row: the time of attention.</param>
/// <param name="Rebuild">Milliseconds more if the step before had another shape: llama.cpp builds its compute graph anew then (native.md 3).</param>
/// <param name="PerOutput">Milliseconds of a row that its logits take: without them the output matrix and most of the last layer are left out for it.</param>
sealed record CostMeasurement(int[] Rows, double[] Times, double PerRowAndToken, double Rebuild, double PerOutput)
{
    /// <summary>Where nothing was measured: a CPU on which every further row takes a third of the first.</summary>
    internal static CostMeasurement Assumed { get; } = new([1, 2], [1, 1.35], 0, 0, 0);

    /// <summary>Expected milliseconds of a step; between sizes on the straight line, beyond the last one with rows that cost what they do on average.</summary>
    /// <param name="rows">From 1.</param>
    /// <param name="context">Tokens in the cache.</param>
    internal double Milliseconds(int rows, int context)
    {
        var attention = PerRowAndToken * rows * context;
        var upper = Array.BinarySearch(Rows, rows);
        if (upper >= 0) return Times[upper] + attention;
        upper = ~upper;
        if (upper == Rows.Length) return Times[^1] + (PerRow * (rows - Rows[^1])) + attention;
        var part = (double)(rows - Rows[upper - 1]) / (Rows[upper] - Rows[upper - 1]);
        return Times[upper - 1] + (part * (Times[upper] - Times[upper - 1])) + attention;
    }

    double PerRow => Rows.Length == 1 ? Times[0] : Math.Max(Times[0] / 1000, (Times[^1] - Times[0]) / (Rows[^1] - 1));

    /// <summary>Whether the numbers can be times: a file of unknown origin may hold anything.</summary>
    internal bool IsValid =>
        Rows is [1, ..] && Times.Length == Rows.Length && double.IsFinite(PerRowAndToken) && PerRowAndToken >= 0 && double.IsFinite(Rebuild) && Rebuild >= 0 && double.IsFinite(PerOutput) && PerOutput >= 0
        && Times.All(time => double.IsFinite(time) && time > 0) && Rows.Zip(Rows.Skip(1)).All(pair => pair.First < pair.Second) && Rows[^1] <= CostCurve.MostRows;
}
