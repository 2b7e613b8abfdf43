namespace Ppd.Planning;

/// <summary>
/// What it saves the steps to come that this one has so many rows: llama.cpp keeps its compute graph while that number stays the same, and building a new one can take
/// as long as decoding a row or two (native.md 3). Relative values of an average-reward decision process whose state is the size of the last step: a step that finds the size
/// it wants keeps it, any other pays for the change, and what either is worth is averaged over the steps as they come.
/// </summary>
/// <remarks>
/// Steps of a size read guesses for the next one with the rows they have to spare, so every size is judged by what it could do with as many distances, whatever the plan
/// in use has read: else a habit of large steps would make small ones look poor, which had no use for guesses that far ahead.
/// </remarks>
/// <param name="rebuild">Milliseconds of a change.</param>
sealed class ShapeValues(float rebuild)
{
    const float Memory = 12;    // samples

    readonly float[] _saved = new float[CostCurve.MostRows + 1];
    readonly float[] _changed = new float[CostCurve.MostRows + 1];     // [distances] best worth of a step that changes size

    /// <summary>Milliseconds saved later, relative to a step of plain decoding; negative where plain decoding is what follows.</summary>
    internal float this[int rows] => _saved[rows];

    /// <summary>Counts a step.</summary>
    /// <param name="worth">
    /// [distances][rows + 1] what the best tree of a size would bring beyond its time, with guesses at no more distances than the index, in milliseconds, changes left out; negative
    /// infinity for sizes that were not on offer.
    /// </param>
    /// <param name="read">[distances] milliseconds that it was worth to have read these guesses.</param>
    /// <param name="plain">The smallest size: a row for each request.</param>
    internal void Observe(IReadOnlyList<float[]> worth, ReadOnlySpan<float> read, int plain)
    {
        if (rebuild == 0) return;
        for (var distances = 0; distances < read.Length; distances++)
        {
            _changed[distances] = float.NegativeInfinity;
            for (var rows = plain; rows <= CostCurve.MostRows; rows++) _changed[distances] = Math.Max(_changed[distances], worth[distances][rows] + _saved[rows] - rebuild);
        }
        var reference = Value(plain, read);
        for (var rows = CostCurve.MostRows; rows >= plain; rows--) _saved[rows] += (Value(rows, read) - reference - _saved[rows]) / Memory;

        float Value(int rows, ReadOnlySpan<float> read)
        {
            var distances = Math.Min(read.Length - 1, (rows - 1) / plain);
            return Math.Max(_changed[distances], worth[distances][rows] + _saved[rows]) - read[distances];
        }
    }
}
