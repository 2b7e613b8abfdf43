using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Ppd;
using Ppd.SemanticKernel;

namespace Examples;

/// <param name="Topic">To tell them apart in the log.</param>
/// <param name="Questions">Asked one after the other; the model sees all that was said before.</param>
sealed record Conversation(string Topic, string[] Questions);

/// <summary>Holds conversations from a channel, some at once: they share the forward passes of one model, and each keeps its part of the cache from turn to turn.</summary>
sealed partial class ConversationWorker(Channel<Conversation> work, Kernel kernel, HealthCheckService health, IHostApplicationLifetime lifetime, ILogger<ConversationWorker> logger) : BackgroundService
{
    const int Concurrency = 3;

    static readonly PpdPromptExecutionSettings Settings = new() { MaxTokens = 60, Temperature = 0.7f };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(work.Reader.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = stoppingToken },
                async (conversation, token) => await Hold(conversation, token));
            var state = (await health.CheckHealthAsync(stoppingToken)).Entries["ppd"];
            LogHealth(state.Status, state.Description);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailure(error);
            Environment.ExitCode = 1;   // a host that stops because its worker failed would report success
        }
        lifetime.StopApplication();
    }

    async Task Hold(Conversation conversation, CancellationToken cancellationToken)
    {
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var history = new ChatHistory();
        foreach (var question in conversation.Questions)
        {
            history.AddUserMessage(question);
            var reply = await chat.GetChatMessageContentAsync(history, Settings, kernel, cancellationToken);
            history.Add(reply);
            LogAnswer(conversation.Topic, question, reply.Content, reply.Metadata?[PpdGenerationStatistics.Key]);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Topic}: {Question} -> {Reply} [{Statistics}]")]
    partial void LogAnswer(string topic, string question, string? reply, object? statistics);

    [LoggerMessage(LogLevel.Information, "The model is {Status}: {Description}")]
    partial void LogHealth(HealthStatus status, string? description);

    [LoggerMessage(LogLevel.Critical, "The work could not be done")]
    partial void LogFailure(Exception error);
}
