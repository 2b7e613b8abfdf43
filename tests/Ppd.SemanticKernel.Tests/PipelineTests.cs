using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ppd.SemanticKernel.Tests;

/// <summary>llama.cpp has one log per process, which belongs to whoever loaded a model last: tests of it run alone.</summary>
[CollectionDefinition(nameof(OneLog), DisableParallelization = true)]
public sealed class OneLog;

/// <summary>The layers that registration puts around the client.</summary>
[Collection(nameof(OneLog))]
public sealed class PipelineTests(RandomChatModel random)
{
    [Fact]
    public void Function_invocation_wraps_telemetry_wraps_logging_wraps_the_client()
    {
        using var services = new ServiceCollection().AddLogging().AddPpdChatCompletion(random.Options("one")).BuildServiceProvider();
        var layers = Layers(services.GetRequiredService<IChatClient>()).ToList();
        layers.Count.ShouldBe(4);
        layers[0].ShouldBeAssignableTo<FunctionInvokingChatClient>();
        layers[1].ShouldBeOfType<OpenTelemetryChatClient>();
        layers[2].ShouldBeOfType<LoggingChatClient>();
        layers[3].ShouldBeOfType<PpdChatClient>();
    }

    [Fact]
    public void Without_loggers_there_is_no_logging_layer()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(random.Options("one")).BuildServiceProvider();
        Layers(services.GetRequiredService<IChatClient>()).Select(l => l is LoggingChatClient).ShouldBe([false, false, false]);
    }

    [Fact]
    public async Task Request_engine_and_llama_cpp_log_to_the_container_without_the_messages()
    {
        var log = new RecordingLogger();
        using var services = new ServiceCollection()
            .AddLogging(l => l.AddProvider(log).SetMinimumLevel(LogLevel.Debug)).AddPpdChatCompletion(random.Options("one")).BuildServiceProvider();
        await services.GetRequiredService<IChatClient>().GetResponseAsync("a secret", new ChatOptions { MaxOutputTokens = 3 }, TestContext.Current.CancellationToken);
        log.Lines.ShouldContain(line => line.StartsWith("Microsoft.Extensions.AI.LoggingChatClient: GetResponseAsync completed"));
        log.Lines.ShouldContain(line => line.StartsWith("Ppd.PpdModel: Reply ended by Length: 3 tokens"));
        log.Lines.ShouldContain(line => line.StartsWith("llama.cpp: "));
        log.Lines.ShouldNotContain(line => line.Contains("secret"), "messages belong to the trace level");
    }

    static IEnumerable<IChatClient> Layers(IChatClient client)
    {
        var inner = typeof(DelegatingChatClient).GetProperty("InnerClient", BindingFlags.Instance | BindingFlags.NonPublic)!;
        for (; client is DelegatingChatClient; client = (IChatClient)inner.GetValue(client)!) yield return client;
        yield return client;
    }
}
