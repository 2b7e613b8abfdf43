using Ppd.Testing;

namespace Ppd.SemanticKernel.Tests;

public sealed class KernelPromptTests(RandomChatModel random)
{
    static PpdPromptExecutionSettings Sampled => new() { Temperature = 1, Seed = 7, MaxTokens = 24 };

    [Fact]
    public async Task Streamed_prompt_gives_the_text_of_the_whole_one()
    {
        var whole = await random.Kernel.InvokePromptAsync(RandomChatModel.Prompt, new KernelArguments(Sampled), cancellationToken: Cancel);
        var parts = await random.Kernel.InvokePromptStreamingAsync(RandomChatModel.Prompt, new KernelArguments(Sampled), cancellationToken: Cancel)
            .ToListAsync(Cancel);
        whole.ToString().ShouldNotBeEmpty();
        parts.Count.ShouldBeGreaterThan(2);
        string.Concat(parts).ShouldBe(whole.ToString());
    }

    [Fact]
    public async Task Streamed_chat_history_gives_the_text_of_the_whole_one_and_both_leave_the_history_alone()
    {
        ChatHistory history = new("be brief");
        history.AddUserMessage("who");
        history.AddAssistantMessage("me");
        history.AddUserMessage("and then");
        var whole = (await random.Completion.GetChatMessageContentsAsync(history, Sampled, random.Kernel, Cancel)).ShouldHaveSingleItem();
        var parts = await random.Completion.GetStreamingChatMessageContentsAsync(history, Sampled, random.Kernel, Cancel).ToListAsync(Cancel);
        whole.Content.ShouldNotBeNullOrEmpty();
        whole.Role.ShouldBe(AuthorRole.Assistant);
        string.Concat(parts.Select(p => p.Content)).ShouldBe(whole.Content);
        history.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Message_tags_in_a_prompt_become_messages()
    {
        ChatHistory history = new("be brief");
        history.AddUserMessage("who");
        var fromHistory = await random.Completion.GetChatMessageContentAsync(history, Sampled, random.Kernel, Cancel);
        var fromPrompt = await random.Kernel.InvokePromptAsync("<message role=\"system\">be brief</message><message role=\"user\">who</message>",
            new KernelArguments(Sampled), cancellationToken: Cancel);
        fromPrompt.ToString().ShouldBe(fromHistory.Content);
    }

    [Fact]
    public async Task Metadata_of_a_whole_reply_has_finish_reason_id_usage_and_statistics()
    {
        var content = await random.Completion.GetChatMessageContentAsync(RandomChatModel.Prompt, Sampled, random.Kernel, Cancel);
        var metadata = content.Metadata.ShouldNotBeNull();
        metadata["FinishReason"].ShouldBe("length");
        metadata["Id"].ShouldBeOfType<string>().ShouldNotBeEmpty();
        metadata["Usage"].ShouldBeOfType<UsageDetails>().OutputTokenCount.ShouldBe(24);
        metadata[PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().GeneratedTokens.ShouldBe(24);
    }

    [Fact]
    public async Task Metadata_of_the_last_streamed_part_has_finish_reason_id_usage_and_statistics()
    {
        var parts = await random.Completion.GetStreamingChatMessageContentsAsync(RandomChatModel.Prompt, Sampled, random.Kernel, Cancel).ToListAsync(Cancel);
        var metadata = parts[^1].Metadata.ShouldNotBeNull();
        metadata["FinishReason"].ShouldBe("length");
        metadata["Id"].ShouldBeOfType<string>().ShouldNotBeEmpty();
        metadata["Usage"].ShouldBeOfType<UsageContent>().Details.OutputTokenCount.ShouldBe(24);
        metadata[PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().GeneratedTokens.ShouldBe(24);
    }

    [Fact]
    public async Task Stories_model_has_drafts_accepted_and_tells_the_same_story_without_them()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        using var client = new PpdChatClient(new PpdModelOptions
        {
            ModelPath = SharedData.Path("models", "stories260K", "stories260K-f32.gguf"),
            ChatTemplate = "{% for message in messages %}{{ message.content }}{% endfor %}",
            ContextLength = 256,
            Slots = 1,
            Threads = 1,
            GpuLayers = 0,
        });
        var completion = client.AsChatCompletionService();
        var plain = await completion.GetChatMessageContentAsync("Once upon a time", Greedy(0), cancellationToken: Cancel);
        var drafted = await completion.GetChatMessageContentAsync("Once upon a time", Greedy(8), cancellationToken: Cancel);
        drafted.Content.ShouldBe(plain.Content);
        Statistics(plain).ProposedTokens.ShouldBe(0);
        Statistics(drafted).AcceptedTokens.ShouldBeGreaterThan(0);
        Statistics(drafted).Steps.ShouldBeLessThan(Statistics(plain).Steps);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static PpdPromptExecutionSettings Greedy(int draftTokens) => new() { Temperature = 0, MaxTokens = 200, DraftTokens = draftTokens, Plan = PpdPlan.Tree(9) };

    static PpdGenerationStatistics Statistics(ChatMessageContent content) =>
        content.Metadata![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
}
