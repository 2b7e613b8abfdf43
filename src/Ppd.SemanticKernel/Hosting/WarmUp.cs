using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ppd.SemanticKernel.Hosting;

/// <summary>Loads a registered model when the host starts, and has it say a few words: what the first request would otherwise wait for.</summary>
/// <param name="provider">Has the model.</param>
/// <param name="serviceId">Its service id.</param>
/// <param name="inBackground">Whether the host goes on starting meanwhile.</param>
/// <param name="logger">Told what it took, and of a failure in the background.</param>
sealed partial class WarmUp(IServiceProvider provider, string? serviceId, bool inBackground, ILogger<WarmUp> logger) : IHostedService, IDisposable
{
    readonly CancellationTokenSource _stop = new();
    Task _work = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _work = inBackground ? RunInBackground() : Run(cancellationToken);
        return inBackground ? Task.CompletedTask : _work;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (inBackground) await _work.WaitAsync(cancellationToken).ConfigureAwait(false);     // a load cannot be interrupted
    }

    public void Dispose() => _stop.Dispose();

    async Task Run(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var model = await Task.Run(() => provider.GetRequiredKeyedService<PpdModel>(serviceId), cancellationToken).ConfigureAwait(false);
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 8 };
        using var client = new PpdChatClient(model);
        await client.GetResponseAsync("Hello", options, cancellationToken).ConfigureAwait(false);
        LogWarm(model.ModelId, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    async Task RunInBackground()
    {
        try
        {
            await Run(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the host stops before the model was warm
        }
        catch (Exception error)
        {
            LogFailed(error, serviceId);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model '{ModelId}' is warm after {Seconds:0.0} s")]
    partial void LogWarm(string modelId, double seconds);

    [LoggerMessage(LogLevel.Error, "The model with service id '{ServiceId}' could not be warmed up; the next request tries to load it again")]
    partial void LogFailed(Exception error, string? serviceId);
}
