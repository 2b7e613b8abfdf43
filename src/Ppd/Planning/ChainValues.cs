namespace Ppd.Planning;

/// <summary>
/// What guesses at so many distances are worth at the next step, in tokens: the state values of algorithm.md 5.4 and 9 C. Running means of the difference they made
/// to the best plan, which the planner finds by planning some steps with fewer of them.
/// </summary>
/// <param name="prior">Where there are no samples yet.</param>
/// <param name="memory">Samples after which an old one has lost most of its weight.</param>
sealed class ChainValues(float[] prior, float memory)
{
    /// <summary>Samples a request remembers.</summary>
    internal const float RequestMemory = 12;

    /// <summary>Samples remembered over all requests.</summary>
    internal const float SharedMemory = 100;

    const float PriorSamples = 6;

    readonly float[] _samples = [.. Enumerable.Repeat(PriorSamples, prior.Length)];

    /// <summary>Largest distance.</summary>
    internal int Count => Values.Length - 1;

    /// <summary>[count + 1] value of guesses at distances 1 to the index; never falling, and 0 for none.</summary>
    internal float[] Values { get; } = [.. prior];

    /// <summary>
    /// What guesses are worth before any were seen: the relative values of the average-reward decision process whose state is the number of guesses at hand, whose actions are a chain of so many of
    /// them and prompt tokens under its end or under every node (algorithm.md 5.4, 5.6).
    /// </summary>
    /// <param name="reach">[count] how often the best guesses up to one are all right.</param>
    /// <param name="ensemble">Rows of a prompt token.</param>
    /// <param name="costs">What steps cost.</param>
    internal static float[] Promised(ReadOnlySpan<float> reach, int ensemble, CostMeasurement costs)
    {
        const int Sweeps = 200;
        const double Damping = 0.2;
        var values = new double[reach.Length + 1];
        var best = new double[reach.Length + 1];
        var plain = costs.Milliseconds(1, 0);
        var gain = 1 / plain;       // tokens per millisecond
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var (expected, last) = (1.0, 1.0);
            for (var guesses = 0; guesses < values.Length; guesses++)
            {
                if (guesses > 0) expected += last = reach[guesses - 1];
                best[guesses] = guesses == 0 ? double.NegativeInfinity : best[guesses - 1];
                for (var prompts = 0; prompts < values.Length; prompts++)
                {
                    Consider(last, 1, prompts);
                    Consider(1, 1 + guesses, prompts);
                }

                void Consider(double stop, int chains, int prompts)
                {
                    var rows = 1 + guesses + (chains * prompts * ensemble);
                    if (rows <= CostCurve.MostRows) best[guesses] = Math.Max(best[guesses], expected + (stop * values[prompts]) - (gain * costs.Milliseconds(rows, 0)));
                }
            }
            for (var guesses = 1; guesses < values.Length; guesses++) values[guesses] = best[guesses] - best[0];
            gain = Math.Max(1 / plain, gain + (Damping * best[0] / plain));
        }
        return [.. values.Select(value => (float)value)];
    }

    /// <summary>
    /// A step's own values for distances up to <paramref name="sample"/>'s length. Guesses at more distances matter where all of these are right, so what they are worth changes in proportion; it is never less.
    /// </summary>
    internal void Observe(ReadOnlySpan<float> sample)
    {
        var before = Values[sample.Length - 1];
        for (var j = 1; j < sample.Length; j++)
        {
            _samples[j] = Math.Min(_samples[j] + 1, memory);
            Values[j] += (sample[j] - Values[j]) / _samples[j];
        }
        if (before > 0)
            for (var j = sample.Length; j < Values.Length; j++) Values[j] *= Values[sample.Length - 1] / before;
        for (var j = 1; j < Values.Length; j++) Values[j] = Math.Max(Values[j], Values[j - 1]);
    }
}
