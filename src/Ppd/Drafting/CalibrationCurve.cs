namespace Ppd.Drafting;

/// <summary>How often guesses at one distance came true, by the probability the model gave them: a histogram over [0, 1].</summary>
/// <param name="Edges">[bins + 1] strictly increasing from 0 to 1; bin b holds probabilities from edge b up to, not including, edge b + 1.</param>
/// <param name="Rates">[bins] share of the guesses in the bin that came true.</param>
sealed record CalibrationCurve(float[] Edges, float[] Rates)
{
    /// <summary>Keeps the arrays small in files of unknown origin.</summary>
    public const int MaxBins = 1024;

    /// <summary>The observed rate of the bin that <paramref name="probability"/> falls into.</summary>
    public float this[float probability]
    {
        get
        {
            int edge = Array.BinarySearch(Edges, probability);
            int bin = edge >= 0 ? edge : ~edge - 1;
            return Rates[Math.Clamp(bin, 0, Rates.Length - 1)]; // 1 itself belongs to the last bin
        }
    }
}
