using Ppd.Drafting;

namespace Ppd.Training.Prompts;

/// <summary>Counts how often guesses come true by the probability they were given, and makes rising curves of it.</summary>
sealed class CalibrationCounter
{
    // Finer where most guesses lie.
    static readonly float[] Edges = [0, 0.005f, 0.01f, 0.02f, 0.03f, 0.05f, 0.075f, 0.1f, 0.15f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 0.95f, 1];

    readonly int[][] _seen, _hits;      // [count][bins]

    public CalibrationCounter(int count)
    {
        _seen = [.. Enumerable.Range(0, count).Select(_ => new int[Edges.Length - 1])];
        _hits = [.. Enumerable.Range(0, count).Select(_ => new int[Edges.Length - 1])];
    }

    public void Add(int distance, float probability, bool hit)
    {
        var bin = Array.FindLastIndex(Edges, edge => edge <= probability);
        bin = Math.Clamp(bin, 0, Edges.Length - 2);
        _seen[distance][bin]++;
        if (hit) _hits[distance][bin]++;
    }

    public CalibrationCurve[] Curves() => [.. _seen.Zip(_hits, (seen, hits) => new CalibrationCurve(Edges, Rising(seen, hits)))];

    /// <summary>Least-squares rising fit (pool adjacent violators); bins that saw nothing take the share of the one before.</summary>
    static float[] Rising(int[] seen, int[] hits)
    {
        List<(double Seen, double Hits, int Bins)> pools = [];
        for (var bin = 0; bin < seen.Length; bin++)
        {
            pools.Add((seen[bin], hits[bin], 1));
            while (pools.Count > 1 && Rate(pools[^2]) >= Rate(pools[^1]))
            {
                var (last, before) = (pools[^1], pools[^2]);
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (last.Seen + before.Seen, last.Hits + before.Hits, last.Bins + before.Bins);
            }
        }
        return [.. pools.SelectMany(pool => Enumerable.Repeat((float)Rate(pool), pool.Bins))];

        static double Rate((double Seen, double Hits, int Bins) pool) => pool.Seen == 0 ? 0 : pool.Hits / pool.Seen;
    }
}
