using Microsoft.Extensions.DependencyInjection;

namespace Ppd.SemanticKernel.Tests;

/// <summary>With one slot, a reply left alone must neither block nor change the next one. How soon its slot is free is not measured here.</summary>
public sealed class AbandonedReplyTests : IDisposable
{
    const int Rounds = 20;

    static readonly ChatOptions Long = new() { Temperature = 1, Seed = 2, MaxOutputTokens = 200 };
    static readonly ChatOptions Next = new() { Temperature = 0, MaxOutputTokens = 12 };

    readonly ServiceProvider _services;
    readonly IChatClient _client;

    public AbandonedReplyTests(RandomChatModel random)
    {
        var options = random.Options("one slot", slots: 1);
        options.QueueLimit = 1;
        _services = new ServiceCollection().AddPpdChatCompletion(options).BuildServiceProvider();
        _client = _services.GetRequiredService<IChatClient>();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Consumer_that_leaves_early_leaves_the_next_reply_right() => NextReplyIsRightAfter(async () =>
    {
        await foreach (var update in _client.GetStreamingResponseAsync(RandomChatModel.Prompt, Long, Cancel))
        {
            update.FinishReason.ShouldBeNull();
            break;
        }
    });

    [Fact]
    public Task Consumer_that_throws_in_its_loop_leaves_the_next_reply_right() => NextReplyIsRightAfter(() => Should.ThrowAsync<TimeZoneNotFoundException>(async () =>
    {
        await foreach (var update in _client.GetStreamingResponseAsync(RandomChatModel.Prompt, Long, Cancel))
            throw new TimeZoneNotFoundException(update.Text);
    }));

    [Fact]
    public Task Cancelled_stream_throws_and_leaves_the_next_reply_right() => NextReplyIsRightAfter(async () =>
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _client.GetStreamingResponseAsync(RandomChatModel.Prompt, Long, source.Token)) source.Cancel();
        });
    });

    [Fact]
    public async Task Request_cancelled_before_it_starts_throws()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => _client.GetResponseAsync("a", Next, new CancellationToken(canceled: true)));
        (await _client.GetResponseAsync("a", Next, Cancel)).Usage!.OutputTokenCount.ShouldBe(12);
    }

    public void Dispose() => _services.Dispose();

    async Task NextReplyIsRightAfter(Func<Task> abandon)
    {
        var expected = await NextReply();
        expected.ShouldNotBeEmpty();
        List<string> replies = [];
        for (var round = 0; round < Rounds; round++)
        {
            await abandon();
            replies.Add(await NextReply());
        }
        replies.ShouldBe(Enumerable.Repeat(expected, Rounds));
    }

    async Task<string> NextReply() => (await _client.GetResponseAsync("what now", Next, Cancel)).Text;
}
