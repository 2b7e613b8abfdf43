namespace Ppd.Planning;

/// <summary>
/// What it saves the steps to come that this one has so many rows: llama.cpp keeps its compute graph while that number stays the same, and building a new one can take
/// as long as decoding a row or two (native.md 3). Relative values of an average-reward decision process whose state is the size of the last step: a step that finds the size
/// it wants keeps it, any other pays for the change, and what either is worth is averaged over the steps as they come.
/// </summary>
/// <param name="rebuild">Milliseconds of a change.</param>
sealed class ShapeValues(float rebuild)
{
    const float Memory = 24;    // steps

    readonly float[] _saved = new float[CostCurve.MostRows + 1];

    /// <summary>Milliseconds saved later, relative to a step of plain decoding; negative where plain decoding is what follows.</summary>
    internal float this[int rows] => _saved[rows];

    /// <summary>Counts a step.</summary>
    /// <param name="worth">[rows + 1] what the best tree of a size would have brought beyond its time, in milliseconds, changes left out; negative infinity for sizes that were not on offer.</param>
    /// <param name="plain">The smallest size.</param>
    internal void Observe(ReadOnlySpan<float> worth, int plain)
    {
        if (rebuild == 0) return;
        var change = float.NegativeInfinity;
        for (var rows = plain; rows <= CostCurve.MostRows; rows++) change = Math.Max(change, worth[rows] + _saved[rows] - rebuild);
        var reference = Math.Max(change, worth[plain] + _saved[plain]);
        for (var rows = plain; rows <= CostCurve.MostRows; rows++)
            _saved[rows] += (Math.Max(change, worth[rows] + _saved[rows]) - reference - _saved[rows]) / Memory;
    }
}
