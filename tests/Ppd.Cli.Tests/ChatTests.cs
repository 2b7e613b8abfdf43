namespace Ppd.Cli.Tests;

public sealed class ChatTests(RandomModelFile model) : IClassFixture<RandomModelFile>
{
    const string Statistics = "drafts right";

    [Fact]
    public async Task Prompt_gets_the_same_reply_with_and_without_drafts()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "tell me a tale", "--seed", "11", "--temperature", "0.5", "--max-tokens", "150"];
        var plain = await PpdProgram.Run([.. arguments, "--draft-tokens", "0"]);
        var drafted = await PpdProgram.Run([.. arguments, "--draft-tokens", "8"]);
        plain.ShouldSatisfyAllConditions(
            () => plain.ExitCode.ShouldBe(0, plain.Error),
            () => plain.Output.Trim().ShouldNotBeEmpty(),
            () => plain.ErrorLines.ShouldHaveSingleItem().ShouldContain(" 0 of 0 " + Statistics),
            () => drafted.ErrorLines.ShouldHaveSingleItem().ShouldNotContain(" of 0 " + Statistics),
            () => drafted.Output.ShouldBe(plain.Output));
    }

    [Fact]
    public async Task Piped_lines_are_prompts_of_one_conversation()
    {
        string[] arguments = ["chat", model.Path, "--seed", "5", "--max-tokens", "12"];
        var first = await PpdProgram.Run([.. arguments, "--prompt", "one and two"]);
        var both = await PpdProgram.Run(arguments, "one and two\nthree\n");
        both.ShouldSatisfyAllConditions(
            () => both.ExitCode.ShouldBe(0, both.Error),
            () => both.Output.ShouldStartWith(first.Output),
            () => both.Output.Length.ShouldBeGreaterThan(first.Output.Length + 1),
            () => both.ErrorLines.Count(line => line.Contains(Statistics)).ShouldBe(2),
            () => both.ErrorLines[^1].ShouldNotContain("(0 cached)"));
    }

    [Fact]
    public async Task Reset_makes_the_next_reply_the_first()
    {
        string[] arguments = ["chat", model.Path, "--seed", "5", "--max-tokens", "12"];
        var run = await PpdProgram.Run(arguments, "one and two\n/reset\none and two\n/exit\none and two\n");
        var half = run.Output.Length / 2;
        run.ErrorLines.Count(line => line.Contains(Statistics)).ShouldBe(2);
        run.Output[..half].ShouldBe(run.Output[half..]);
    }

    [Fact]
    public async Task Prompt_too_long_for_the_context_leaves_the_session_alive()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--context", "64", "--max-tokens", "4"], new string('x', 300) + "\nshort\n");
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(1),
            () => run.ErrorLines[0].ShouldContain("the context holds 64"),
            () => run.ErrorLines[^1].ShouldContain(Statistics),
            () => run.Error.ShouldNotContain("   at "));
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--temperature=-1")]
    [InlineData("--max-tokens=many")]
    public async Task Arguments_that_mean_nothing_are_refused(string argument)
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--prompt", "hello", argument]);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(argument.Split('=')[0]);
        run.Output.Trim().ShouldBeEmpty();
    }
}
