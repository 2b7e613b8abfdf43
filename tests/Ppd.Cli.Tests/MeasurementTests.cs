using Ppd.Cli.Bench;

namespace Ppd.Cli.Tests;

public sealed class MeasurementTests
{
    static readonly int[][] Prompts = [[1], [2], [3]];

    [Fact]
    public void Groups_are_always_full() => Measurement.Groups(5, 2).ShouldBe([[0, 1], [2, 3], [4, 0]]);

    [Fact]
    public async Task Warm_up_does_not_count_and_progress_reaches_the_end()
    {
        var plain = new Target("plain", (prompt, call) => ([prompt, 5], Speed: call <= Prompts.Length ? 1 : 7));
        List<int> progress = [];
        var samples = await new Measurement([plain], Prompts, Measurement.Groups(3, 1)).Run(repeat: 2, progress.Add);
        samples.ShouldHaveSingleItem().Speeds.ShouldBe([[7, 7], [7, 7], [7, 7]]);
        samples[0].Tokens.ShouldBe(2 * 3 * 2);
        plain.Tallies.ShouldBe([samples[0].Tally, samples[0].Tally, samples[0].Tally, null, null, null, null, null, null]);
        progress.ShouldBe(Enumerable.Range(1, 9));
    }

    [Fact]
    public async Task Every_group_has_an_order_of_its_own_in_which_any_arm_may_follow_any_other()
    {
        List<string> log = [];
        var names = new[] { "a", "b", "c" };
        var targets = names.Select(name => new Target(name, (prompt, _) => ([prompt], 1)) { Log = log }).ToArray();
        await new Measurement(targets, [[1], [2]], Measurement.Groups(2, 1)).Run(repeat: 30, _ => { });
        log.Take(8).ShouldBe(["prime 1", "a 1", "b 1", "c 1", "prime 2", "a 2", "b 2", "c 2"]);
        var groups = log.Chunk(4).ToArray();
        groups.Length.ShouldBe(62);
        groups.ShouldAllBe(group => group[0].StartsWith("prime", StringComparison.Ordinal) && group.Skip(1).Select(run => run.Substring(0, 1)).Order().SequenceEqual(names));
        var neighbours = groups.SelectMany(group => new[] { group[1][..1] + group[2][..1], group[2][..1] + group[3][..1] }).ToHashSet();
        neighbours.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Replies_that_leave_the_plain_one_are_found_once()
    {
        var plain = new Target("plain", (prompt, _) => ([10, 11, 12], 1));
        var other = new Target("other", (prompt, _) => (prompt switch { 1 => [10, 11, 12], 2 => [10, 99, 12], _ => [10, 11] }, 1));
        var samples = await new Measurement([plain, other], Prompts, Measurement.Groups(3, 3)).Run(repeat: 3, _ => { });
        samples[0].Divergences.ShouldBeEmpty();
        samples[1].Divergences.ShouldBe([new Divergence(1, 1, 99), new Divergence(2, 2, null)], ignoreOrder: true);
    }

    [Fact]
    public void Busy_machine_is_told()
    {
        MachineLoad.Warning([1.5, 0, 0]).ShouldNotBeNull().ShouldContain("load 1.50");
        MachineLoad.Warning([0.1, 9, 9]).ShouldBeNull();
        MachineLoad.Warning(null).ShouldBeNull();
    }

    sealed class Target(string name, Func<int, int, (int[] Reply, double Speed)> reply) : IBenchTarget
    {
        int _calls;

        internal List<string> Log { get; init; } = [];

        internal List<StepTally?> Tallies { get; } = [];

        public string Name => name;

        public string? Plan => null;

        public Task Prime(IReadOnlyList<int[]> prompts)
        {
            Log.Add($"prime {prompts[0][0]}");
            return Task.CompletedTask;
        }

        public Task<ArmRun> Run(IReadOnlyList<int[]> prompts, StepTally? tally = null)
        {
            Tallies.Add(tally);
            Log.Add($"{name} {prompts[0][0]}");
            _calls++;
            var replies = prompts.Select(prompt => reply(prompt[0], _calls)).ToArray();
            return Task.FromResult(new ArmRun([.. replies.Select(r => r.Reply)], replies[0].Speed, Counters: null));
        }
    }
}
