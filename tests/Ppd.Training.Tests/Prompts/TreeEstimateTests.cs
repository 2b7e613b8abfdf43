using Ppd.Training.Prompts;

namespace Ppd.Training.Tests.Prompts;

public sealed class TreeEstimateTests
{
    // The published accuracies of a 7B model, as recovered in the algorithm notes.
    static readonly float[][] Vicuna7B =
    [
        [.48335f, .14342f, .07360f, .04540f, .03087f, .02155f, .01658f, .01323f, .00932f, .00845f],
        [.2626f, .1456f, .0811f, .0576f, .0428f, .0323f, .0257f, .0215f, .0190f, .0155f],
        [.1641f, .1176f, .0809f, .0578f, .0459f, .0367f, .0313f, .0232f, .0237f, .0179f],
    ];

    [Theory]
    [InlineData(6, 1.63)]
    [InlineData(8, 1.70)]
    [InlineData(16, 1.89)]
    [InlineData(32, 2.07)]
    [InlineData(64, 2.24)]
    public void The_optimum_of_the_published_table_is_found(int rows, double expected) =>
        new TreeEstimate(Vicuna7B).TokensPerStep(rows).ShouldBe(expected, 0.03);

    [Fact]
    public void Guesses_that_never_come_true_bring_nothing() =>
        new TreeEstimate([[0, 0], [0, 0]]).TokensPerStep(16).ShouldBe(1, 1e-9);

    [Fact]
    public void Certain_guesses_bring_the_whole_chain() =>
        new TreeEstimate([[1], [1]]).TokensPerStep(16).ShouldBe(3, 0.01);
}
