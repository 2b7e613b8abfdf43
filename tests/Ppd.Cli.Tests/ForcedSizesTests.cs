using Ppd.Cli.Bench;

namespace Ppd.Cli.Tests;

public sealed class ForcedSizesTests
{
    [Fact]
    public void Sizes_are_read_ascending() => ForcedSizes.Parse("8, 1,64").ShouldBe([1, 8, 64]);

    [Theory]
    [InlineData("", "''")]
    [InlineData("1,0", "'0'")]
    [InlineData("65", "whole numbers from 1 to 64")]
    [InlineData("4,4", "4 twice")]
    public void Other_lists_are_refused(string list, string expected) => Should.Throw<FormatException>(() => ForcedSizes.Parse(list)).Message.ShouldContain(expected);

    [Fact]
    public void One_row_is_plain_decoding()
    {
        ForcedSizes.Of(1).ShouldBe((BenchArm.Plain, PpdPlan.Off));
        ForcedSizes.Of(4).ShouldBe((BenchArm.Tree, PpdPlan.Tree(4)));
    }

    [Fact]
    public void Planner_is_compared_with_the_best_size()
    {
        // ratios of the rounds: 0.5 0.8, 1.2 1; their medians over the rounds 0.65 and 1.1
        var facts = PlannerFacts.Of([1, 4],
            [Arm("plain", "off", [10, 10], [10, 10]), Arm("all", "auto", [50, 80], [60, 50]), Arm("tree1", "off", [10, 10], [10, 10]), Arm("tree4", "tree4", [100, 100], [50, 50])]);
        facts.ShouldNotBeNull();
        (facts.BestForcedRows, facts.BestForcedTokensPerSecond, facts.AutoTokensPerSecond).ShouldBe((4, 75, 60));
        facts.AutoOfBest.ShouldNotBeNull().ShouldBe(0.875, 1e-9);
    }

    [Fact]
    public void Planner_with_a_forced_plan_or_without_sizes_is_not_compared()
    {
        var (all, tree) = (Arm("all", "chain8", [50]), Arm("tree1", "off", [10]));
        PlannerFacts.Of([1], [all, tree]).ShouldBe(new PlannerFacts(1, 10, null, null));
        PlannerFacts.Of([], [all]).ShouldBeNull();
    }

    static ArmSamples Arm(string name, string plan, params double[][] speeds)
    {
        var samples = new ArmSamples(name, plan, speeds.Length);
        for (var group = 0; group < speeds.Length; group++)
            foreach (var speed in speeds[group]) samples.Add(group, new ArmRun([], speed, Counters: null));
        return samples;
    }
}
