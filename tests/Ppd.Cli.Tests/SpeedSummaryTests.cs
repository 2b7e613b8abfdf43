using Ppd.Cli.Bench;

namespace Ppd.Cli.Tests;

public sealed class SpeedSummaryTests
{
    static readonly double[][] Plain = [[100, 50, 100], [200, 200, 200], [10, 20, 40]];

    [Fact]
    public void Medians_of_rounds_and_prompts_and_the_worst_prompt()
    {
        // medians over the rounds: 150, 180, 30; ratios of the rounds: 1.5 3 1.5, 0.9 0.9 1, 3 1 0.75
        var summary = SpeedSummary.Of([[150, 150, 150], [180, 180, 200], [30, 20, 30]], Plain).ShouldNotBeNull();
        summary.ShouldBe(new SpeedSummary(Median: 150, Min: 30, Max: 180, Speedup: 1, WorstSpeedup: 0.9, WorstGroup: 1));
    }

    [Fact]
    public void Plain_against_itself_is_one()
    {
        var summary = SpeedSummary.Of(Plain, Plain).ShouldNotBeNull();
        (summary.Speedup, summary.WorstSpeedup, summary.Median).ShouldBe((1, 1, 100));
    }

    [Fact]
    public void Replies_without_a_speed_do_not_count()
    {
        var summary = SpeedSummary.Of([[0, 100], [0, 0], [40, 40]], [[100, 50], [10, 10], [0, 20]]).ShouldNotBeNull();
        summary.ShouldBe(new SpeedSummary(Median: 70, Min: 40, Max: 100, Speedup: 2, WorstSpeedup: 2, WorstGroup: 0));
        SpeedSummary.Of([[0]], [[10]]).ShouldBeNull();
    }

    [Fact]
    public void Median_of_an_even_number_lies_between_the_middle_ones() => SpeedSummary.MedianOf([4, 1, 3, 100]).ShouldBe(3.5);
}
