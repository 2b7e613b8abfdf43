namespace Ppd.SemanticKernel.Tests;

public sealed class ChatClientContractTests(RandomChatModel random)
{
    static readonly ChatOptions Options = new() { Temperature = 1, Seed = 4, MaxOutputTokens = 20 };

    [Fact]
    public void GetService_answers_with_client_model_and_metadata_but_not_for_a_key()
    {
        var client = random.Client;
        client.GetService(typeof(PpdChatClient)).ShouldBeOfType<PpdChatClient>();
        client.GetService(typeof(PpdModel)).ShouldBeSameAs(random.Model);
        var metadata = client.GetService(typeof(ChatClientMetadata)).ShouldBeOfType<ChatClientMetadata>();
        (metadata.ProviderName, metadata.DefaultModelId).ShouldBe(("ppd", RandomChatModel.ModelId));
        client.GetService(typeof(PpdModel), "key").ShouldBeNull();
        client.GetService(typeof(string)).ShouldBeNull();
        Should.Throw<ArgumentNullException>(() => client.GetService(null!));
    }

    [Fact]
    public async Task Updates_of_a_reply_share_their_identity_and_the_last_one_ends_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        var updates = await random.Client.GetStreamingResponseAsync(RandomChatModel.Prompt, Options, cancel).ToListAsync(cancel);
        updates.Count.ShouldBeGreaterThan(2);
        updates.Select(u => (u.ResponseId, u.MessageId, u.ModelId, u.CreatedAt, u.Role)).Distinct().ShouldHaveSingleItem().Role.ShouldBe(ChatRole.Assistant);
        updates[0].ResponseId.ShouldNotBeNullOrEmpty();
        updates[0].MessageId.ShouldNotBeNullOrEmpty();
        updates.Count(u => u.FinishReason != null).ShouldBe(1);
        updates[^1].FinishReason.ShouldBe(ChatFinishReason.Length);
        updates.SelectMany(u => u.Contents).OfType<UsageContent>().ShouldHaveSingleItem().ShouldBeSameAs(updates[^1].Contents[^1]);

        var another = await random.Client.GetStreamingResponseAsync(RandomChatModel.Prompt, Options, cancel).FirstAsync(cancel);
        another.ResponseId.ShouldNotBe(updates[0].ResponseId);
        another.MessageId.ShouldNotBe(updates[0].MessageId);
    }

    [Fact]
    public async Task Usage_is_the_prompt_plus_the_reply()
    {
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, Options, TestContext.Current.CancellationToken);
        var usage = response.Usage.ShouldNotBeNull();
        usage.InputTokenCount.ShouldBe(random.Model.CountTokens([new ChatMessage(ChatRole.User, RandomChatModel.Prompt)]));
        usage.OutputTokenCount.ShouldBe(20);
        usage.TotalTokenCount.ShouldBe(usage.InputTokenCount + 20);
        usage.CachedInputTokenCount!.Value.ShouldBeInRange(0, usage.InputTokenCount!.Value - 1);
    }
}
