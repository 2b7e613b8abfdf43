using Microsoft.Extensions.AI;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Testing;
using Ppd.Tests.Chat;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Robustness;

/// <summary>A request may be cancelled, or its consumer break, at any time; others and later requests do not notice.</summary>
public sealed class CancellationTests
{
    const int Endless = 8000;

    // A consumer that leaves takes its request along: the engine is not busy with tokens that nobody reads.
    [Fact]
    public async Task Reply_left_by_its_consumer_ends_long_before_its_length()
    {
        using var folder = new TemporaryFolder();
        VocabularyModel.WriteEndless(folder["endless.gguf"], 8192);
        using var model = PpdModel.Load(new PpdModelOptions { ModelPath = folder["endless.gguf"], ContextLength = 8192, Threads = 1, Slots = 1, GpuLayers = 0, ChatTemplate = "{{ messages[0].content }}" },
            cancellationToken: TestContext.Current.CancellationToken);
        using var client = new PpdChatClient(model);
        var cancel = TestContext.Current.CancellationToken;
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = Endless };
        (await client.GetResponseAsync("to be", options, cancel)).Usage!.OutputTokenCount.ShouldBe(Endless);
        var whole = model.Engine.Times.Steps;
        await foreach (var _ in client.GetStreamingResponseAsync("to be", options, cancel)) break;
        options.MaxOutputTokens = 5;
        await client.GetResponseAsync("or not", options, cancel);   // the only slot is free by now
        (model.Engine.Times.Steps - whole).ShouldBeInRange(6, Endless / 2);
    }

    static readonly SamplingSettings Sampled = new(Temperature: 0.8f, TopK: 40, TopP: 0.95f, MinP: 0.05f, Seed: 42);

    static int[] Prompt(int start, int length = 40) => [.. Enumerable.Range(0, length).Select(i => 260 + (start * 37 + i * 11) % 250)];

    [Fact]
    public async Task Cancelled_in_the_queue_never_starts()
    {
        using var harness = new EngineHarness("random", slots: 1);
        using var release = new ManualResetEventSlim();
        var busy = new TokenCollector { OnTokens = _ => release.Wait() };
        harness.Submit(Prompt(1), busy, maxTokens: 5);
        var waiting = new TokenCollector();
        var generation = harness.Submit(Prompt(2), waiting, maxTokens: 5);
        generation.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.Done);
        waiting.Tokens.ShouldBeEmpty();
        generation.Steps.ShouldBe(0);
        release.Set();
        (await busy.Done).Statistics.GeneratedTokens.ShouldBe(5);
    }

    [Fact]
    public async Task Cancelled_in_its_prompt_leaves_a_cache_the_next_request_can_use()
    {
        using var harness = new EngineHarness("random", prefillRows: 8);    // many steps of prefill
        var prompt = Prompt(3, 400);
        var plain = await harness.Run(prompt, Sampled, 60);
        using var other = new EngineHarness("random", prefillRows: 8);
        var sink = new TokenCollector();
        var generation = other.Submit(prompt, sink, Sampled, 60);
        SpinWait.SpinUntil(() => other.Engine.Times.Steps > 3);
        generation.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => sink.Done);
        sink.Tokens.ShouldBeEmpty();
        var (tokens, result) = await other.Run(prompt, Sampled, 60);
        tokens.ShouldBe(plain.Tokens);
        result.Statistics.CachedPromptTokens.ShouldBeGreaterThanOrEqualTo(8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Cancelled_from_within_its_sink_ends_after_that_group(int drafts)
    {
        using var harness = new EngineHarness("random");
        var plain = await harness.Run(Prompt(4), Sampled, 100);
        Generation? generation = null;
        using var submitted = new ManualResetEventSlim();
        var sink = new TokenCollector
        {
            OnTokens = tokens =>
            {
                submitted.Wait();
                if (tokens.Count >= 10) generation!.Cancel();
            },
        };
        generation = harness.Submit(Prompt(4), sink, Sampled, 100, drafts, new OracleSource([.. Prompt(4), .. plain.Tokens], 512, 1));
        submitted.Set();
        await Should.ThrowAsync<OperationCanceledException>(() => sink.Done);
        sink.Tokens.Count.ShouldBeInRange(11, 10 + 2 * (drafts + 1));
        sink.Tokens.ShouldBe(plain.Tokens[..sink.Tokens.Count]);
        (await harness.Run(Prompt(4), Sampled, 100)).Tokens.ShouldBe(plain.Tokens);
    }

    [Fact]
    public void Abort_before_a_decode_is_cleaned_up_by_truncation()
    {
        var model = TestModels.Load("random");
        using var reference = new ReferenceDecoder(model, cache: GgmlType.F32);
        var prompt = Prompt(5);
        var expected = reference.Feed(prompt);
        using var context = LlamaContext.Create(model, new ContextSettings(1024, 64, 64, 1, 1, FlashAttention: false, GgmlType.F32));
        using var batch = new LlamaBatch(64, model.EmbeddingLength);
        var slot = new CacheSlot(context, 0, 8);
        AddRows(batch, prompt, 0, 30, slot.Trunk);
        context.Decode(batch).ShouldBe(DecodeOutcome.Done);
        slot.Commit(30);

        context.SetAbort(true);
        AddRows(batch, prompt, 30, 40, slot.Trunk);
        context.Decode(batch).ShouldBe(DecodeOutcome.Aborted);
        slot.Truncate(slot.Length);
        context.LastPosition(0).ShouldBe(29);
        context.SetAbort(false);

        context.Decode(batch).ShouldBe(DecodeOutcome.Done);
        var logits = context.Logits(9).ToArray();
        logits.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(1e-3f);
    }

    static void AddRows(LlamaBatch batch, int[] tokens, int from, int to, ReadOnlySpan<int> sequences)
    {
        batch.Clear();
        for (var i = from; i < to; i++) batch.AddToken(tokens[i], i, sequences, wantsLogits: true);
    }

    [Fact]
    public async Task Sink_that_throws_fails_its_own_request_only()
    {
        using var harness = new EngineHarness("random");
        var plain = await harness.Run(Prompt(6), Sampled, 50);
        var breaking = new TokenCollector { OnTokens = tokens => throw new InvalidTimeZoneException("the sink broke") };
        var healthy = new TokenCollector();
        harness.Submit(Prompt(7), breaking, Sampled, 50);
        harness.Submit(Prompt(6), healthy, Sampled, 50);
        (await Should.ThrowAsync<InvalidTimeZoneException>(() => breaking.Done)).Message.ShouldBe("the sink broke");
        await healthy.Done;
        healthy.Tokens.ShouldBe(plain.Tokens);
        var (tokens, result) = await harness.Run(Prompt(6), Sampled, 50);
        tokens.ShouldBe(plain.Tokens);
        result.Statistics.CachedPromptTokens.ShouldBe(39);
    }

    [Fact]
    public async Task Fifty_random_cancellations_leave_clean_slots()
    {
        using var harness = new EngineHarness("random", cache: GgmlType.F32);
        var prompts = Enumerable.Range(10, 4).Select(start => Prompt(start)).ToArray();
        List<List<int>> plain = [];
        foreach (var prompt in prompts) plain.Add((await harness.Run(prompt, Sampled, 150)).Tokens);

        var random = new Random(11);
        var (cancelled, compared) = (0, 0);
        while (cancelled < 50)
        {
            var chats = Enumerable.Range(0, 4).Select(i =>
            {
                var at = random.Next(1, 140);
                Generation? generation = null;
                var submitted = new ManualResetEventSlim();
                var sink = new TokenCollector
                {
                    OnTokens = tokens =>
                    {
                        submitted.Wait();
                        if (tokens.Count >= at) generation!.Cancel();
                    },
                };
                generation = harness.Submit(prompts[i], sink, Sampled, 150, 4 * (i % 2), new OracleSource([.. prompts[i], .. plain[i]], 512, cancelled + i));
                submitted.Set();
                return (Index: i, Sink: sink);
            }).ToArray();
            foreach (var (index, sink) in chats)
            {
                try
                {
                    await sink.Done;
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }
                sink.Tokens.ShouldBe(plain[index][..sink.Tokens.Count]);
                compared += sink.Tokens.Count;
            }
        }
        compared.ShouldBeGreaterThan(1000);
        for (var i = 0; i < prompts.Length; i++)
        {
            var (tokens, result) = await harness.Run(prompts[i], Sampled, 150);
            tokens.ShouldBe(plain[i]);
            result.Statistics.CachedPromptTokens.ShouldBe(prompts[i].Length - 1);
        }
    }
}
