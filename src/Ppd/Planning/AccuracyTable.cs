using System.Globalization;

namespace Ppd.Planning;

/// <summary>How often guesses come true, by distance and rank; ranks in order of their rate, which measured ones need not have.</summary>
sealed class AccuracyTable
{
    const double SumTolerance = 1e-3;   // hit rates are rounded

    readonly (int Rank, double Rate)[][] _distances;

    /// <param name="accuracy">[distances][ranks]</param>
    /// <exception cref="ArgumentException">These cannot be hit rates.</exception>
    internal AccuracyTable(float[][] accuracy)
    {
        if (accuracy.Length == 0) throw new ArgumentException("An accuracy table without distances was given; one per prompt token is needed.", nameof(accuracy));
        for (var i = 0; i < accuracy.Length; i++)
        {
            if (!accuracy[i].All(rate => rate is >= 0 and <= 1) || accuracy[i].Sum(rate => (double)rate) > 1 + SumTolerance)
            {
                var found = string.Join(' ', accuracy[i].Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
                throw new ArgumentException(
                    $"The accuracies of distance {i + 1} are {found}; each is from 0 to 1 and their sum at most 1, for at most one rank is right. " +
                    "Sums over ranks, as in top-k accuracies, must be turned into differences.", nameof(accuracy));
            }
        }
        _distances = [.. accuracy.Select(ranks => ranks
            .Select((rate, rank) => (Rank: rank, Rate: (double)rate))
            .Where(guess => guess.Rate > 0)
            .OrderByDescending(guess => guess.Rate).ToArray())];
    }

    internal int Distances => _distances.Length;

    /// <summary>Guesses at a distance from 1, the most accurate first; those that are never right are left out.</summary>
    internal (int Rank, double Rate)[] At(int distance) => _distances[distance - 1];
}
