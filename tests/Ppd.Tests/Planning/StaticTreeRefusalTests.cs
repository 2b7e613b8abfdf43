using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class StaticTreeRefusalTests
{
    [Fact]
    public void Top_k_accuracies_are_refused() =>
        Should.Throw<ArgumentException>(() => StaticTrees.Optimal([[.5f, .2f], [.5f, .7f, .8f]], 8)).Message
            .ShouldStartWith("The accuracies of distance 2 are 0.5 0.7 0.8; each is from 0 to 1");

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void What_is_no_hit_rate_is_refused(float rate) => Should.Throw<ArgumentException>(() => StaticTrees.Published([[rate]], 8));

    [Fact]
    public void Table_without_distances_is_refused() => Should.Throw<ArgumentException>(() => StaticTrees.Optimal([], 8)).Message.ShouldContain("without distances");

    [Fact]
    public void Published_trees_need_a_candidate_and_a_prompt_token() =>
        Should.Throw<ArgumentOutOfRangeException>(() => StaticTrees.Published([[.5f]], 1)).Message.ShouldContain("the least is 2");

    [Fact]
    public void Tree_without_rows_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => StaticTrees.Optimal([[.5f]], 0)).Message.ShouldContain("the least is 1");

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Times_that_are_none_are_refused(double milliseconds) =>
        Should.Throw<ArgumentException>(() => StaticTrees.Optimal([[.5f]], rows => rows < 3 ? 1 : milliseconds, 4)).Message.ShouldContain("A step of 3 rows");
}
