using System.Collections.Concurrent;
using System.Diagnostics;
using Ppd.SemanticKernel.Tests.Tools;

namespace Ppd.SemanticKernel.Tests.Diagnostics;

/// <summary>Spans of the pipeline that registration makes, by the trace that a test begins.</summary>
public sealed class RequestSpanTests : IDisposable
{
    readonly ConcurrentQueue<Activity> _spans = [];
    readonly ActivityListener _listener;
    readonly Activity _root = new Activity("test").Start();

    public RequestSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PpdTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == _root.TraceId) _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_span_of_a_request_has_the_figures_of_its_reply(bool streaming)
    {
        using var random = new RandomChatModel();
        var options = new ChatOptions { MaxOutputTokens = 9, Seed = 1 };
        var last = streaming
            ? (await random.Client.GetStreamingResponseAsync(RandomChatModel.Prompt, options, Cancel).ToListAsync(Cancel))[^1].AdditionalProperties
            : (await random.Client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel)).AdditionalProperties;
        var took = (PpdGenerationStatistics)last![PpdGenerationStatistics.Key]!;
        var tags = _spans.Where(span => "chat".Equals(span.GetTagItem("gen_ai.operation.name"))).ShouldHaveSingleItem().TagObjects.ToDictionary();
        tags["gen_ai.request.model"].ShouldBe(RandomChatModel.ModelId);
        (tags["ppd.steps"], tags["ppd.tokens_per_step"], tags["ppd.rows_per_step"]).ShouldBe((took.Steps, took.TokensPerStep, took.RowsPerStep));
        (tags["ppd.draft.proposed_tokens"], tags["ppd.draft.accepted_tokens"]).ShouldBe((took.ProposedTokens, took.AcceptedTokens));
        tags["ppd.prompt.cached_tokens"].ShouldBe(took.CachedPromptTokens);
        tags["ppd.queue_time"].ShouldBe(took.QueueTime.TotalSeconds);
        tags["ppd.time_to_first_token"].ShouldBe((took.QueueTime + took.PrefillTime).TotalSeconds);
        tags.Values.ShouldNotContain(value => value is string && ((string)value).Contains(RandomChatModel.Prompt), "messages are sensitive");
    }

    [Fact]
    public async Task Invoked_functions_have_spans_of_their_own()
    {
        using var scripted = new ScriptedKernel(ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}"""), "It rains.");
        (await scripted.Kernel.InvokePromptAsync("What now?", new KernelArguments(ScriptedKernel.Settings(FunctionChoiceBehavior.Auto())), cancellationToken: Cancel)).ToString().ShouldBe("It rains.");
        _spans.Select(span => span.GetTagItem("gen_ai.operation.name")).Where(name => name is "chat" or "execute_tool").ShouldBe(["chat", "execute_tool", "chat"]);
        _spans.ShouldContain(span => "Weather_Forecast".Equals(span.GetTagItem("gen_ai.tool.name")));
    }

    [Fact]
    public async Task A_span_that_is_not_the_request_s_own_is_left_alone()
    {
        using var random = new RandomChatModel();
        using var client = new PpdChatClient(random.Model);
        await client.GetResponseAsync(RandomChatModel.Prompt, new ChatOptions { MaxOutputTokens = 2 }, Cancel);
        Activity.Current.ShouldBeSameAs(_root);
        _root.TagObjects.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _root.Dispose();
        _listener.Dispose();
    }
}
