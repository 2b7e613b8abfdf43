using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Ppd.SemanticKernel.Tests.Diagnostics;

/// <summary>What requests report to the meter. The meter is one for the process; a test reads what bears its own model's name.</summary>
public sealed class MeterTests : IDisposable
{
    readonly string _modelId = $"metered {Guid.NewGuid()}";
    readonly ConcurrentQueue<(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)> _measured = [];
    readonly MeterListener _listener = new();
    readonly ServiceProvider _services;
    readonly IChatClient _client;

    public MeterTests(RandomChatModel random)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == PpdTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        var options = random.Options(_modelId, slots: 1);
        options.QueueLimit = 0;
        _services = new ServiceCollection().AddPpdChatCompletion(options).BuildServiceProvider();
        _client = _services.GetRequiredService<IChatClient>();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_reports_what_its_statistics_say()
    {
        var response = await _client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions { MaxOutputTokens = 9, Seed = 1 }, Cancel);
        var took = (PpdGenerationStatistics)response.AdditionalProperties![PpdGenerationStatistics.Key]!;
        Values("ppd.reply.tokens").ShouldBe([9]);
        Values("ppd.steps").ShouldBe([took.Steps]);
        Values("ppd.request.tokens_per_step").ShouldBe([took.TokensPerStep]);
        Values("ppd.request.rows_per_step").ShouldBe([took.RowsPerStep]);
        Values("ppd.request.queue_time").ShouldBe([took.QueueTime.TotalSeconds]);
        Values("ppd.request.time_to_first_token").ShouldBe([(took.QueueTime + took.PrefillTime).TotalSeconds]);
        Values("ppd.prompt.tokens", ("ppd.prompt.cached", false)).ShouldBe([took.PromptTokens - took.CachedPromptTokens]);
        Values("ppd.prompt.tokens", ("ppd.prompt.cached", true)).ShouldBe([took.CachedPromptTokens]);
        Values("ppd.draft.tokens", ("ppd.draft.accepted", true)).ShouldBe([took.AcceptedTokens]);
        Values("ppd.draft.tokens", ("ppd.draft.accepted", false)).ShouldBe([took.ProposedTokens - took.AcceptedTokens]);
        Values("ppd.request.duration", ("ppd.request.outcome", "length")).ShouldHaveSingleItem().ShouldBeGreaterThan(0);
        Values("ppd.request.open").ShouldBe([1, -1]);
    }

    [Fact]
    public async Task The_instruments_of_generative_clients_are_on_the_same_meter()
    {
        var response = await _client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions { MaxOutputTokens = 5, Seed = 1 }, Cancel);
        Values("gen_ai.client.token.usage", ("gen_ai.token.type", "output")).ShouldBe([5]);
        Values("gen_ai.client.token.usage", ("gen_ai.token.type", "input")).ShouldBe([response.Usage!.InputTokenCount!.Value]);
        Values("gen_ai.client.operation.duration", ("gen_ai.operation.name", "chat")).ShouldHaveSingleItem().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_prompt_sent_again_reports_its_tokens_as_reused()
    {
        var options = new ChatOptions { MaxOutputTokens = 1 };
        await _client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel);
        await _client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel);
        var reused = Values("ppd.prompt.tokens", ("ppd.prompt.cached", true));
        reused.Count.ShouldBe(2);
        (reused[0], reused[1]).ShouldBe((0, _services.GetRequiredService<PpdModel>().CountTokens([new ChatMessage(ChatRole.User, RandomChatModel.Prompt)]) - 1));
    }

    [Fact]
    public async Task A_request_the_engine_refuses_is_counted_with_its_error()
    {
        await Should.ThrowAsync<PpdContextLengthException>(() => _client.GetResponseAsync(string.Join(' ', Enumerable.Repeat("tale", 400)), cancellationToken: Cancel));
        Values("ppd.request.duration", ("ppd.request.outcome", "refused"), ("error.type", typeof(PpdContextLengthException).FullName)).Count.ShouldBe(1);
        Values("ppd.request.open").ShouldBe([1, -1]);
        Values("ppd.reply.tokens").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_queue_refuses_with_its_limit_and_a_reply_left_early_counts_as_cancelled()
    {
        await using (var reply = _client.GetStreamingResponseAsync(RandomChatModel.Prompt, new ChatOptions { Seed = 3 }, Cancel).GetAsyncEnumerator(Cancel))
        {
            (await reply.MoveNextAsync()).ShouldBeTrue();
            (await Should.ThrowAsync<PpdQueueFullException>(() => _client.GetResponseAsync("a", cancellationToken: Cancel))).Limit.ShouldBe(0);
        }
        // its slot is free when the next reply is there, and it has reported before
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                await _client.GetResponseAsync("a", new ChatOptions { MaxOutputTokens = 1 }, Cancel);
                break;
            }
            catch (PpdQueueFullException)
            {
                await Task.Delay(5, limit.Token);
            }
        }
        Values("ppd.request.duration", ("ppd.request.outcome", "cancelled")).Count.ShouldBe(1);
        Values("ppd.request.duration", ("error.type", typeof(PpdQueueFullException).FullName)).ShouldNotBeEmpty();
        Values("ppd.request.open").Sum().ShouldBe(0);
    }

    [Fact]
    public async Task The_readme_names_every_instrument_with_its_unit()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Ppd.SemanticKernel.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        var readme = await File.ReadAllTextAsync(Path.Combine(root.FullName, "README.md"), Cancel);
        List<(string Name, string? Unit)> published = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => published.Add((instrument.Name, instrument.Unit)) };
        await _client.GetResponseAsync("a", new ChatOptions { MaxOutputTokens = 1 }, Cancel);      // they are made with the first request
        listener.Start();
        var own = published.Where(instrument => instrument.Name.StartsWith("ppd.", StringComparison.Ordinal)).ToList();
        own.Count.ShouldBe(10);
        own.Where(instrument => !readme.Contains($"| `{instrument.Name}` | {instrument.Unit} |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    public void Dispose()
    {
        _services.Dispose();
        _listener.Dispose();
    }

    void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary();
        if (_modelId.Equals(all.GetValueOrDefault("gen_ai.request.model"))) _measured.Enqueue((instrument.Name, value, all));
    }

    List<double> Values(string name, params (string Key, object? Value)[] tags) =>
        [.. _measured.Where(m => m.Name == name && tags.All(tag => Equals(m.Tags.GetValueOrDefault(tag.Key), tag.Value))).Select(m => m.Value)];
}
