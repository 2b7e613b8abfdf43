namespace Ppd.SemanticKernel.Tests;

/// <summary>The text that <see cref="PpdStep"/> gives a pass.</summary>
public sealed class StepTextTests(RandomChatModel random)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // The model's tokens are bytes where characters are no ASCII: each of these spans several tokens, and many span passes.
    [Theory, InlineData("off"), InlineData("tree4"), InlineData("chain3")]
    public async Task Texts_of_all_passes_are_the_reply_in_whole_characters(string plan)
    {
        List<PpdStep> steps = [];
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions
        {
            Temperature = 1,
            Seed = 3,
            RawRepresentationFactory = _ => new PpdRequestOptions { Plan = PpdPlan.Parse(plan), Grammar = "root ::= [äöüß]{4} \"日本語 😀 né à Łódź\" [éèê]{4}", OnStep = steps.Add },
        }, Cancel);
        string.Concat(steps.Select(step => step.Text)).ShouldBe(response.Text);
        response.Text.ShouldContain("日本語 😀 né à Łódź");
        steps.ShouldAllBe(step => !step.Text.Contains('\uFFFD'));
        steps.ShouldContain(step => step.Drawn != null && step.Drawn.Contains('\uFFFD'), "characters that span passes are what this is about");
        steps.Any(step => step.Accepted > 0).ShouldBe(plan != "off");
    }

    [Fact]
    public async Task Text_that_may_be_a_stop_sequence_is_held_back_until_it_is_none()
    {
        List<PpdStep> steps = [];
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions
        {
            Temperature = 0,
            StopSequences = ["bcX"],
            RawRepresentationFactory = _ => new PpdRequestOptions { Plan = PpdPlan.Off, Grammar = "root ::= \"abcabc\"", OnStep = steps.Add },
        }, Cancel);
        response.Text.ShouldBe("abcabc");
        string.Concat(steps.Select(step => step.Text)).ShouldBe("abca", "the end of the reply brings the rest");
    }
}
