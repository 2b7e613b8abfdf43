namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>What the rounds of function invocation took together.</summary>
public sealed class UsageTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Counts_of_all_rounds_are_summed(bool streaming)
    {
        using var scripted = new ScriptedKernel(ScriptedKernel.Call("forecast", """{"city": "Rome"}"""), "It rains in Rome, and rain in Rome is rain.");
        List<PpdStep> steps = [];
        using var client = new PpdChatClient(scripted.Model).AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Temperature = 0,
            Tools = [AIFunctionFactory.Create((string city) => $"rain in {city}", "forecast")],
            RawRepresentationFactory = _ => new PpdRequestOptions { Plan = PpdPlan.Tree(4), OnStep = steps.Add },
        };
        var response = streaming
            ? await client.GetStreamingResponseAsync("Rome?", options, Cancel).ToChatResponseAsync(Cancel)
            : await client.GetResponseAsync("Rome?", options, Cancel);
        response.Text.ShouldContain("It rains");
        steps.Count(step => step.Number == 1).ShouldBe(2, "two rounds");
        var counts = response.Usage!.AdditionalCounts.ShouldNotBeNull();
        (counts["ppd.steps"], counts["ppd.rows"]).ShouldBe((steps.Count, steps.Sum(step => step.Rows)));
        (counts["ppd.draft.proposed_tokens"], counts["ppd.draft.accepted_tokens"]).ShouldBe((steps.Sum(step => step.Guesses.Count), steps.Sum(step => step.Accepted)));
        counts["ppd.draft.accepted_tokens"].ShouldBeGreaterThan(0);
    }
}
