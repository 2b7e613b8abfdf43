using Ppd.Decoding;

namespace Ppd.Tests.Decoding;

public sealed class EngineWarmUpTests
{
    [Fact]
    public async Task Steps_of_every_kind_are_made_and_nothing_is_left_of_them()
    {
        using var harness = new EngineHarness("random");
        var planner = harness.Engine.Planner;
        EngineWarmUp.Run(harness.Engine, harness.Model.Vocabulary.Count, harness.ContextLength, TestContext.Current.CancellationToken);
        harness.Engine.Times.Steps.ShouldBeGreaterThan(3);
        harness.Engine.Planner.ShouldNotBeSameAs(planner);
        harness.Engine.Planner.Caution.ShouldBe(1);
        harness.Engine.Requests.ShouldBe((0, 0));
        var reply = await harness.Run([300, 301, 302, 303], maxTokens: 5);
        reply.Result.Statistics.CachedPromptTokens.ShouldBe(0);
        reply.Tokens.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_context_without_room_for_a_reply_is_no_reason_to_fail()
    {
        using var harness = new EngineHarness("random", contextLength: 2, slots: 1);
        EngineWarmUp.Run(harness.Engine, harness.Model.Vocabulary.Count, harness.ContextLength, TestContext.Current.CancellationToken);
        harness.Engine.Times.Steps.ShouldBeGreaterThan(0);
    }
}
