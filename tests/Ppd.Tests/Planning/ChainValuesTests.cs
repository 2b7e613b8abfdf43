using Ppd.Planning;

namespace Ppd.Tests.Planning;

public sealed class ChainValuesTests
{
    static CostMeasurement Linear(double perRow) => new([1, 2], [1, 1 + perRow], 0, 0, 0);

    [Fact]
    public void Guesses_that_cost_next_to_nothing_are_worth_how_often_they_are_right()
    {
        // 0.9, 0.9 * 0.8 and 0.9 * 0.8 * 0.7 more tokens, whatever comes after
        var values = ChainValues.Promised([0.9f, 0.72f, 0.504f], 1, Linear(1e-3));
        values[1].ShouldBe(0.9f, 0.03f);
        values[2].ShouldBe(1.62f, 0.05f);
        values[3].ShouldBe(2.124f, 0.07f);
    }

    [Fact]
    public void Guesses_whose_rows_cost_as_much_as_a_step_are_worth_nothing() => ChainValues.Promised([0.9f, 0.72f], 1, Linear(1)).ShouldBe([0, 0, 0]);

    [Fact]
    public void What_was_not_read_is_worth_more_or_less_with_what_was_for_it_comes_behind()
    {
        var values = new ChainValues([0, 0.4f, 0.6f, 0.8f], ChainValues.SharedMemory);
        for (var sample = 0; sample < 40; sample++) values.Observe([0, 0.1f]);
        var first = values.Values[1];
        first.ShouldBe(0.1f, 0.05f);
        values.Values[2].ShouldBe(1.5f * first, 0.01f);
        values.Values[3].ShouldBe(2 * first, 0.01f);
        for (var sample = 0; sample < 200; sample++) values.Observe([0, 0.4f]);
        values.Values[3].ShouldBe(2 * values.Values[1], 0.01f);     // and back again
        values.Observe([0, 0.4f, 0.4f, 0.4f]);
        values.Values[3].ShouldBeLessThan(2 * values.Values[1]);    // read, and worth nothing more
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Values_grow_with_the_number_of_guesses_and_shrink_with_the_price_of_rows(double perRow)
    {
        var values = ChainValues.Promised([0.9f, 0.8f, 0.7f], 1, Linear(perRow));
        var dearer = ChainValues.Promised([0.9f, 0.8f, 0.7f], 1, Linear(1.5 * perRow));
        values[0].ShouldBe(0);
        for (var i = 1; i <= 3; i++)
        {
            values[i].ShouldBeGreaterThan(values[i - 1]);
            values[i].ShouldBeGreaterThan(dearer[i] - 1e-3f);
        }
        // a guess at hand saves no more than its token
        values[1].ShouldBeLessThan(0.9f);
    }
}
