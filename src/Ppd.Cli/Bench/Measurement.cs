namespace Ppd.Cli.Bench;

/// <summary>
/// Runs all arms over all prompts, interleaved and in an order drawn anew for every group: what else the machine does, and what the arm before leaves behind in its caches, meets
/// every arm alike.
/// </summary>
/// <param name="targets">Arms; the first is the plain one, whose replies the others must repeat.</param>
/// <param name="prompts">[prompts] tokens.</param>
/// <param name="groups">[groups] indices of the prompts sent at once.</param>
sealed class Measurement(IReadOnlyList<IBenchTarget> targets, IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> groups)
{
    const int OrderSeed = 1;

    readonly ArmSamples[] _samples = [.. targets.Select(target => new ArmSamples(target.Name, target.Plan, groups.Count))];

    /// <summary>[prompts] replies of the plain arm in the round that is not counted.</summary>
    internal int[][] PlainReplies { get; } = new int[prompts.Count][];

    /// <summary>Groups so that <paramref name="concurrency"/> requests are always under way: the last one is filled up from the beginning.</summary>
    internal static IReadOnlyList<int[]> Groups(int prompts, int concurrency) =>
        [.. Enumerable.Range(0, (prompts + concurrency - 1) / concurrency).Select(group => Enumerable.Range(group * concurrency, concurrency).Select(i => i % prompts).ToArray())];

    /// <param name="repeat">Rounds that count, after one that does not.</param>
    /// <param name="progress">Told after every group how many are done, of (repeat + 1) times the groups.</param>
    internal async Task<IReadOnlyList<ArmSamples>> Run(int repeat, Action<int> progress)
    {
        var random = new Random(OrderSeed);
        var order = Enumerable.Range(0, targets.Count).ToArray();
        for (var round = 0; round <= repeat; round++)
            for (var group = 0; group < groups.Count; group++)
            {
                foreach (var target in targets.DistinctBy(target => target.GetType())) await target.Prime(Tokens(group));
                // at first the plain arm, whose replies are the model for the others
                if (round > 0) random.Shuffle(order);
                foreach (var arm in order)
                {
                    var run = await targets[arm].Run(Tokens(group), round == 0 ? _samples[arm].Tally : null);
                    Compare(arm, group, run);
                    if (round > 0) _samples[arm].Add(group, run);
                }
                progress((round * groups.Count) + group + 1);
            }
        return _samples;
    }

    int[][] Tokens(int group) => [.. groups[group].Select(prompt => prompts[prompt])];

    void Compare(int arm, int group, ArmRun run)
    {
        foreach (var (prompt, reply) in groups[group].Zip(run.Replies))
        {
            var plain = PlainReplies[prompt] ??= reply;
            var at = plain.AsSpan().CommonPrefixLength(reply);
            if (at < plain.Length || at < reply.Length) _samples[arm].Divergences.Add(new Divergence(prompt, at, at < reply.Length ? reply[at] : null));
        }
    }
}
