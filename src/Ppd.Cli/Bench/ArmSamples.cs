namespace Ppd.Cli.Bench;

/// <summary>Where a reply left the plain one.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="At">First token that differs.</param>
/// <param name="Token">What stands there instead; null where the reply has ended.</param>
readonly record struct Divergence(int Prompt, int At, int? Token);

/// <summary>All that was measured of one arm.</summary>
sealed class ArmSamples(string name, string? plan, int groups)
{
    readonly List<double>[] _speeds = [.. Enumerable.Range(0, groups).Select(_ => new List<double>())];

    internal string Name => name;

    internal string? Plan => plan;

    /// <summary>[groups][rounds] tokens per second.</summary>
    internal IReadOnlyList<IReadOnlyList<double>> Speeds => _speeds;

    /// <summary>Tokens of all rounds.</summary>
    internal int Tokens { get; private set; }

    /// <summary>Of all rounds; null for a peer.</summary>
    internal StepCounters? Counters { get; private set; }

    /// <summary>Replies of any round that are not the plain ones, each once.</summary>
    internal HashSet<Divergence> Divergences { get; } = [];

    /// <summary>Of the steps of the round that does not count; empty for a peer.</summary>
    internal StepTally Tally { get; } = new();

    internal void Add(int group, ArmRun run)
    {
        _speeds[group].Add(run.TokensPerSecond);
        Tokens += run.Tokens;
        if (run.Counters is { } counters) Counters = (Counters ?? default) + counters;
    }
}
