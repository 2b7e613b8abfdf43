using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Ppd;
using Ppd.SemanticKernel;

namespace Examples;

/// <summary>Answers prompts from a channel, some at once: they share the forward passes of one model.</summary>
sealed partial class ReplyWorker(Channel<string> work, Kernel kernel, IHostApplicationLifetime lifetime, ILogger<ReplyWorker> logger) : BackgroundService
{
    internal const int Concurrency = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(work.Reader.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = stoppingToken },
                async (prompt, token) => await Answer(prompt, token));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailure(error);
            Environment.ExitCode = 1;   // a host that stops because its worker failed would report success
        }
        lifetime.StopApplication();
    }

    async Task Answer(string prompt, CancellationToken cancellationToken)
    {
        var settings = new PpdPromptExecutionSettings { MaxTokens = 60, Temperature = 0.7f };
        var reply = await kernel.InvokePromptAsync(prompt, new KernelArguments(settings), cancellationToken: cancellationToken);
        LogAnswer(prompt, reply.ToString(), reply.Metadata?[PpdGenerationStatistics.Key]);
    }

    [LoggerMessage(LogLevel.Information, "{Prompt} -> {Reply} [{Statistics}]")]
    partial void LogAnswer(string prompt, string reply, object? statistics);

    [LoggerMessage(LogLevel.Critical, "The work could not be done")]
    partial void LogFailure(Exception error);
}
