using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ppd.SemanticKernel.Tests;

/// <summary>The client under <c>UseOpenTelemetry</c> of Microsoft.Extensions.AI.</summary>
public sealed class TelemetryTests(RandomChatModel random)
{
    const string Source = "Ppd.SemanticKernel.Tests";

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_request_is_a_span_with_model_and_usage(bool streaming)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == $"{Source}.{streaming}",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var (cancel, options) = (TestContext.Current.CancellationToken, new ChatOptions { MaxOutputTokens = 6, Seed = 4 });
        var client = new PpdChatClient(random.Model).AsBuilder().UseOpenTelemetry(sourceName: $"{Source}.{streaming}").Build();
        var response = streaming
            ? await client.GetStreamingResponseAsync(RandomChatModel.Prompt, options, cancel).ToChatResponseAsync(cancel)
            : await client.GetResponseAsync(RandomChatModel.Prompt, options, cancel);

        var tags = spans.ShouldHaveSingleItem().TagObjects.ToDictionary();
        tags["gen_ai.operation.name"].ShouldBe("chat");
        tags["gen_ai.provider.name"].ShouldBe("ppd");
        tags["gen_ai.request.model"].ShouldBe(RandomChatModel.ModelId);
        tags["gen_ai.response.model"].ShouldBe(RandomChatModel.ModelId);
        tags["gen_ai.response.id"].ShouldBe(response.ResponseId);
        tags["gen_ai.response.finish_reasons"].ShouldBe("[\"length\"]");
        tags["gen_ai.usage.output_tokens"].ShouldBe(6L);
        tags["gen_ai.usage.input_tokens"].ShouldBe(response.Usage!.InputTokenCount);
        tags.ShouldNotContainKey("server.address");
    }
}
