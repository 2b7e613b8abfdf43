using Ppd.Cli.Bench;

namespace Ppd.Cli.Tests;

public sealed class BenchArmTests
{
    [Fact]
    public void Plain_comes_first_asked_for_or_not()
    {
        BenchArms.Parse("all,plain, NGRAM").ShouldBe([BenchArm.Plain, BenchArm.All, BenchArm.NGram]);
        BenchArms.Parse("prompt-tokens").ShouldBe([BenchArm.Plain, BenchArm.PromptTokens]);
    }

    [Theory]
    [InlineData("plain,medusa", "'medusa' is no arm; allowed are plain, ngram, prompt-tokens, grammar, static, all, chain, tree")]
    [InlineData("", "'' is no arm")]
    [InlineData("1", "'1' is no arm")]
    [InlineData("all,all", "'all' is given twice")]
    public void Other_lists_are_refused(string list, string expected) => Should.Throw<FormatException>(() => BenchArms.Parse(list)).Message.ShouldContain(expected);

    [Fact]
    public void Every_arm_runs_with_its_plan_where_there_are_prompt_tokens()
    {
        var selection = Select(asked: null, forced: null, rows: 12, promptTokens: true);
        selection.Notes.ShouldBeEmpty();
        selection.Arms.ShouldBe(
        [
            (BenchArm.Plain, PpdPlan.Off), (BenchArm.NGram, PpdPlan.Auto), (BenchArm.PromptTokens, PpdPlan.Auto), (BenchArm.Static, PpdPlan.Static(12)), (BenchArm.All, PpdPlan.Auto),
        ]);
    }

    [Fact]
    public void Forced_plan_is_for_arms_without_one_of_their_own()
    {
        var selection = Select(asked: null, PpdPlan.Chain(8), rows: 16, promptTokens: true);
        selection.Arms.Select(arm => arm.Plan.ToString()).ShouldBe(["off", "chain8", "chain8", "static16", "chain8"]);
    }

    [Fact]
    public void The_grammar_arm_runs_where_replies_are_constrained()
    {
        ArmSelection.Of(null, null, 16, promptTokens: true, _ => null, constrained: true).Arms.ShouldContain((BenchArm.Grammar, PpdPlan.Auto));
        Should.Throw<ArgumentException>(() => Select([BenchArm.Plain, BenchArm.Grammar], null, 16, promptTokens: true)).Message.ShouldContain("--schema");
    }

    [Fact]
    public void Chain_and_tree_run_when_asked_for_with_the_size_given()
    {
        var selection = Select([BenchArm.Plain, BenchArm.Chain, BenchArm.Tree], PpdPlan.Static(30), rows: 6, promptTokens: false);
        selection.Arms.ShouldBe([(BenchArm.Plain, PpdPlan.Off), (BenchArm.Chain, PpdPlan.Chain(6)), (BenchArm.Tree, PpdPlan.Tree(6))]);
        selection.Notes.ShouldBe(["Arm chain guesses by n-grams only: the model has no prompt tokens.", "Arm tree guesses by n-grams only: the model has no prompt tokens."]);
    }

    [Fact]
    public void Arms_without_the_prompt_tokens_they_need_are_left_out_with_a_note()
    {
        var selection = Select(asked: null, forced: null, rows: 16, promptTokens: false);
        selection.Arms.Select(arm => arm.Arm).ShouldBe([BenchArm.Plain, BenchArm.NGram, BenchArm.All]);
        selection.Notes.ShouldContain(note => note.Contains("prompt-tokens left out"));
        selection.Notes.ShouldContain(note => note.Contains("static left out"));
    }

    [Fact]
    public void Arms_without_the_prompt_tokens_they_need_are_refused_when_asked_for() =>
        Should.Throw<ArgumentException>(() => Select([BenchArm.Plain, BenchArm.Static], forced: null, rows: 16, promptTokens: false))
            .Message.ShouldContain("'static' cannot run: the model has no prompt tokens");

    [Fact]
    public void Static_plan_cannot_be_forced_on_n_grams()
    {
        Select(asked: null, PpdPlan.Static(9), rows: 16, promptTokens: true).Arms.Select(arm => arm.Arm).ShouldNotContain(BenchArm.NGram);
        Should.Throw<ArgumentException>(() => Select([BenchArm.Plain, BenchArm.NGram], PpdPlan.Static(9), rows: 16, promptTokens: true))
            .Message.ShouldContain("the plan static9 needs prompt tokens");
    }

    [Fact]
    public void Trees_that_cannot_be_made_are_left_out_or_refused()
    {
        var selection = Select(asked: null, forced: null, rows: 3, promptTokens: true);
        selection.Arms.Select(arm => arm.Arm).ShouldBe([BenchArm.Plain, BenchArm.NGram, BenchArm.PromptTokens, BenchArm.All]);
        selection.Notes.ShouldHaveSingleItem().ShouldBe("Arm static left out: too few.");
        Should.Throw<ArgumentException>(() => Select([BenchArm.Plain, BenchArm.All], PpdPlan.Static(3), rows: 16, promptTokens: true)).Message.ShouldContain("'all' cannot run: too few");
    }

    static ArmSelection Select(BenchArm[]? asked, PpdPlan? forced, int rows, bool promptTokens) =>
        ArmSelection.Of(asked, forced, rows, promptTokens, size => size < 8 ? "too few" : null);
}
