using Ppd.Cli.Bench;

namespace Ppd.Cli.Tests;

public sealed class StepTallyTests
{
    [Fact]
    public void Steps_are_counted_by_their_rows()
    {
        var tally = new StepTally();
        foreach (var rows in new[] { 4, 1, 4 }) tally.Add(Step(rows, "x"));
        tally.Sizes.ShouldBe(new Dictionary<int, int> { [1] = 1, [4] = 2 });
        tally.Sizes.Keys.ShouldBe([1, 4]);
        tally.Acceptance.ShouldBeEmpty();
    }

    [Fact]
    public void Guesses_of_prompt_tokens_count_by_depth_and_rank_where_their_parent_was_right()
    {
        var tally = new StepTally();
        tally.Add(Step(9, "x",
            Guess(-1, 0.2, right: true, PpdGuessSource.Several),    // second of the two that prompt tokens guessed
            Guess(-1, 0.5),
            Guess(-1, 0.4, source: PpdGuessSource.NGram),           // no rank
            Guess(0, 0.1, right: true),
            Guess(1, 0.4),                                          // its parent was wrong
            Guess(3, 0.01),
            Guess(3, 0.02)));
        tally.Add(Step(2, "x", Guess(-1, 0.9, right: true)));
        tally.Acceptance.ShouldBe([new(1, 1, 2, 1), new(1, 2, 1, 1), new(2, 1, 1, 1), new(3, 1, 1, 0), new(3, 2, 1, 0)]);
    }

    [Fact]
    public void Guesses_behind_the_end_of_the_reply_do_not_count()
    {
        var tally = new StepTally();
        tally.Add(Step(3, drawn: null, Guess(-1, 0.9, right: true), Guess(0, 0.8)));
        tally.Acceptance.ShouldBe([new(1, 1, 1, 1)]);
    }

    [Fact]
    public void Interval_is_Wilsons()
    {
        var (least, largest) = Share.Interval(8, 10);
        least.ShouldBe(0.4902, 0.0001);
        largest.ShouldBe(0.9433, 0.0001);
        Share.Interval(0, 4).Least.ShouldBe(0);
        Share.Interval(4, 4).Largest.ShouldBe(1);
    }

    static PpdGuess Guess(int parent, double probability, bool right = false, PpdGuessSource source = PpdGuessSource.PromptToken) => new(parent, "", source, probability, 0, right);

    static PpdStep Step(int rows, string? drawn, params PpdGuess[] guesses) => new()
    {
        Number = 1,
        Root = "",
        RootPromptTokens = 0,
        Guesses = guesses,
        Drawn = drawn,
        Rows = rows,
        Time = default,
        ExpectedTime = default,
        PlainTime = default,
        TokensPerMillisecond = 0,
        RowPrice = 0,
        LeftOut = null,
        ChainValues = [0],
    };
}
