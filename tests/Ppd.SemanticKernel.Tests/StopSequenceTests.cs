namespace Ppd.SemanticKernel.Tests;

public sealed class StopSequenceTests(RandomChatModel random)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Stop strings from all over the reply: they begin, end and span tokens, and steps of several tokens.
    [Theory, InlineData(0), InlineData(8)]
    public async Task A_reply_is_cut_at_any_character(int draftTokens)
    {
        var whole = (await Reply(0)).Text;
        whole.Length.ShouldBeGreaterThan(100);
        List<(string Stop, string Text, bool Stopped)> replies = [];
        var accepted = 0;
        for (var at = 1; at + 4 <= whole.Length; at += 7)
        {
            var reply = await Reply(draftTokens, whole.Substring(at, 4));
            replies.Add((whole.Substring(at, 4), reply.Text, reply.FinishReason == ChatFinishReason.Stop));
            accepted += ((PpdGenerationStatistics)reply.AdditionalProperties![PpdGenerationStatistics.Key]!).AcceptedTokens;
        }
        replies.Count.ShouldBeGreaterThan(10);
        replies.ShouldBe(replies.Select(r => (r.Stop, whole[..whole.IndexOf(r.Stop, StringComparison.Ordinal)], true)));
        (accepted > 0).ShouldBe(draftTokens > 0, "steps of several tokens");
    }

    [Fact]
    public async Task Text_that_only_began_like_a_stop_sequence_is_not_lost()
    {
        var whole = (await Reply(4)).Text;
        (await Reply(4, whole[^3..] + "and more")).Text.ShouldBe(whole);
    }

    [Fact]
    public async Task A_reply_that_stops_at_once_is_an_empty_message()
    {
        var reply = await Reply(4, (await Reply(4)).Text[..1]);
        reply.Messages.ShouldHaveSingleItem().Role.ShouldBe(ChatRole.Assistant);
        reply.Text.ShouldBeEmpty();
        reply.FinishReason.ShouldBe(ChatFinishReason.Stop);
        reply.Usage!.OutputTokenCount.ShouldBe(1);
    }

    Task<ChatResponse> Reply(int draftTokens, params string[] stops) => random.Client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions
    {
        Temperature = 0,
        MaxOutputTokens = 80,
        StopSequences = stops,
        AdditionalProperties = new AdditionalPropertiesDictionary { ["draft_tokens"] = draftTokens, ["plan"] = "tree9" },
    }, Cancel);
}
