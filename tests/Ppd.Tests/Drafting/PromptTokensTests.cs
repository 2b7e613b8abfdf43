namespace Ppd.Tests.Drafting;

public sealed class PromptTokensTests
{
    [Fact]
    public void Row_is_prompt_major() => PromptTokenSamples.Bare.Row(1, 0).ToArray().ShouldBe([9, 10, 11, 12]);

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 2)]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void Row_outside_is_refused(int i, int j) =>
        Should.Throw<ArgumentOutOfRangeException>(() => PromptTokenSamples.Bare.Row(i, j).Length);

    [Theory]
    [InlineData(1, 0f, 0.125f)]
    [InlineData(1, 0.2f, 0.125f)]
    [InlineData(1, 0.25f, 0.75f)] // an edge begins its bin
    [InlineData(1, 1f, 0.75f)]
    [InlineData(2, 0.6f, 0.25f)]
    [InlineData(2, 0.75f, 0.5f)]
    [InlineData(3, 0.9f, 0.375f)]
    public void Probability_is_the_observed_rate_of_its_bin(int distance, float softmax, float expected) =>
        PromptTokenSamples.Full.Probability(distance, rank: 0, softmax).ShouldBe(expected);

    [Theory]
    [InlineData(1, 0, 0.9f, 0.5f)]
    [InlineData(2, 2, 0.9f, 0.03125f)]
    [InlineData(2, 3, 0.9f, 0.03125f)] // beyond the table: no likelier than its last rank
    [InlineData(2, 3, 0.001f, 0.001f)]
    public void Probability_without_calibration_is_the_hit_rate_of_its_rank(int distance, int rank, float softmax, float expected) =>
        (PromptTokenSamples.Full with { Calibration = null }).Probability(distance, rank, softmax).ShouldBe(expected);

    [Fact]
    public void Probability_without_measurements_is_the_models_own() => PromptTokenSamples.Bare.Probability(3, 7, 0.3f).ShouldBe(0.3f);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Probability_of_a_distance_outside_is_refused(int distance) =>
        Should.Throw<ArgumentOutOfRangeException>(() => PromptTokenSamples.Bare.Probability(distance, 0, 0.5f));
}
