using Ppd.Decoding;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>Queue, prompt, reply and context limits hold exactly, and disposal ends everything.</summary>
public sealed class LimitTests
{
    // greedy replies of the random model do not end by themselves for these prompts; Length checks it
    static int[] Prompt(int length) => [.. Enumerable.Range(0, length).Select(i => 260 + i * 11 % 250)];

    [Fact]
    public async Task Dispose_ends_running_and_waiting_requests()
    {
        var harness = new EngineHarness("random", slots: 2);
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TokenCollector[] sinks = [.. Enumerable.Range(0, 5).Select(_ => new TokenCollector { OnTokens = _ => running.TrySetResult() })];
        foreach (var sink in sinks) harness.Submit(Prompt(20), sink);
        await running.Task;
        harness.Dispose();
        foreach (var sink in sinks) await Should.ThrowAsync<ObjectDisposedException>(() => sink.Done);
        Should.Throw<ObjectDisposedException>(() => harness.Submit(Prompt(20), new TokenCollector()));
        harness.Dispose();
    }

    [Fact]
    public async Task Full_queue_refuses_and_recovers()
    {
        using var harness = new EngineHarness("random", slots: 1, queueLimit: 2);
        using var release = new ManualResetEventSlim();
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TokenCollector[] sinks = [.. Enumerable.Range(0, 3).Select(_ => new TokenCollector
        {
            OnTokens = _ =>
            {
                running.TrySetResult();
                release.Wait();
            },
        })];
        harness.Submit(Prompt(20), sinks[0], maxTokens: 3);
        await running.Task;
        harness.Submit(Prompt(20), sinks[1], maxTokens: 3);
        harness.Submit(Prompt(20), sinks[2], maxTokens: 3);
        Should.Throw<PpdQueueFullException>(() => harness.Submit(Prompt(20), new TokenCollector(), maxTokens: 3)).Limit.ShouldBe(2);
        release.Set();
        foreach (var sink in sinks) (await sink.Done).Statistics.GeneratedTokens.ShouldBe(3);
        (await harness.Run(Prompt(20), maxTokens: 3)).Tokens.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Queue_limit_counts_what_the_slots_cannot_take(int limit)
    {
        using var harness = new EngineHarness("random", slots: 3, queueLimit: limit);
        using var release = new ManualResetEventSlim();
        TokenCollector[] sinks = [.. Enumerable.Range(0, 3 + limit).Select(_ => new TokenCollector { OnTokens = _ => release.Wait() })];
        foreach (var sink in sinks) harness.Submit(Prompt(20), sink, maxTokens: 3);
        Should.Throw<PpdQueueFullException>(() => harness.Submit(Prompt(20), new TokenCollector(), maxTokens: 3)).Limit.ShouldBe(limit);
        release.Set();
        foreach (var sink in sinks) (await sink.Done).Statistics.GeneratedTokens.ShouldBe(3);
        (await harness.Run(Prompt(20), maxTokens: 3)).Tokens.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    public void Prompt_too_long_is_refused_with_both_numbers(int length)
    {
        using var harness = new EngineHarness("random", contextLength: 64);
        var error = Should.Throw<PpdContextLengthException>(() => harness.Submit(Prompt(length), new TokenCollector()));
        error.Required.ShouldBe(length);
        error.Available.ShouldBe(64);
        error.Message.ShouldContain($"{length}");
        error.Message.ShouldContain("64");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(17, 0)]
    [InlineData(17, 8)]
    [InlineData(17, 63)]
    public async Task Reply_has_exactly_the_most_tokens_asked_for(int most, int drafts)
    {
        using var harness = new EngineHarness("random", prompts: TestPrompts.Random(TestModels.RandomPath, count: 3, ensemble: 2));
        var plain = (await harness.Run(Prompt(30), maxTokens: 40)).Tokens;
        plain.Count.ShouldBe(40);
        var (tokens, result) = await harness.Run(Prompt(30), maxTokens: most, draftTokens: drafts, source: new OracleSource([.. Prompt(30), .. plain], 512, most));
        tokens.ShouldBe(plain[..most]);
        result.Reason.ShouldBe(StopReason.Length);
    }

    [Theory]
    [InlineData("random", 64)]
    [InlineData("random", 512)]
    [InlineData(TestModels.Cardputer, 256)]     // learned positions: one too many would end the process
    public async Task Full_context_ends_the_reply_exactly(string model, int contextLength)
    {
        TestModels.SkipUnlessAvailable(model);
        using var harness = new EngineHarness(model, contextLength);
        harness.ContextLength.ShouldBe(contextLength);
        // a prompt whose plain reply fills the context
        var random = new Random(3);
        var prompt = Prompt(10);
        var (plain, result) = await harness.Run(prompt);
        for (var attempt = 0; result.Reason != StopReason.Length && attempt < 200; attempt++)
        {
            prompt = [.. Enumerable.Range(0, contextLength - 30).Select(_ => random.Next(20, 500))];
            (plain, result) = await harness.Run(prompt);
        }
        result.Reason.ShouldBe(StopReason.Length);
        (prompt.Length + plain.Count).ShouldBe(contextLength);
        using var withPrompts = new EngineHarness(model, contextLength, prompts: TestPrompts.Random(TestModels.Path(model), count: 3, ensemble: 1));
        using var withEnsembles = new EngineHarness(model, contextLength, prompts: TestPrompts.Random(TestModels.Path(model), count: 4, ensemble: 2));
        foreach (var engine in new[] { harness, withPrompts, withEnsembles })
        foreach (var drafts in new[] { 1, 4, 8, 63 })
        {
            var drafted = await engine.Run(prompt, draftTokens: drafts, source: new OracleSource([.. prompt, .. plain, .. plain], 500, drafts));
            drafted.Tokens.ShouldBe(plain);
            drafted.Result.Reason.ShouldBe(StopReason.Length);
        }
        // the longest prompt there can be leaves room for one token
        int[] longest = [.. prompt, .. plain[..^1]];
        (await harness.Run(longest)).Tokens.Count.ShouldBe(1);
        (await withPrompts.Run(longest, draftTokens: 4)).Tokens.Count.ShouldBe(1);
    }
}
