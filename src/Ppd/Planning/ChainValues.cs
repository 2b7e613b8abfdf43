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

    const float PriorSamples = 3;

    readonly float[] _samples = [.. Enumerable.Repeat(PriorSamples, prior.Length)];

    /// <summary>Largest distance.</summary>
    internal int Count => Values.Length - 1;

    /// <summary>[count + 1] value of guesses at distances 1 to the index; never falling, and 0 for none.</summary>
    internal float[] Values { get; } = [.. prior];

    /// <summary>A step's own values for distances up to <paramref name="sample"/>'s length; those of more distances are at least as large.</summary>
    internal void Observe(ReadOnlySpan<float> sample)
    {
        for (var j = 1; j < sample.Length; j++)
        {
            _samples[j] = Math.Min(_samples[j] + 1, memory);
            Values[j] += (sample[j] - Values[j]) / _samples[j];
        }
        for (var j = 1; j < Values.Length; j++) Values[j] = Math.Max(Values[j], Values[j - 1]);
    }
}
