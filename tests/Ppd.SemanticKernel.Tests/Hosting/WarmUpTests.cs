using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ppd.SemanticKernel.Tests.Hosting;

/// <summary>Models that are loaded with the host.</summary>
[Collection(nameof(OneLog))]
public sealed class WarmUpTests(RandomChatModel random)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly RecordingLogger _log = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_started_host_has_models_that_were_loaded_and_have_spoken()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Options("warm one"), "a").AddPpdWarmUp("a").AddPpdChatCompletion(random.Options("warm two"), "b").AddPpdWarmUp("b"));
        await host.StartAsync(Cancel);
        _log.Lines.Count(line => line.StartsWith("Ppd.PpdModel: Reply ended by")).ShouldBe(2);
        _log.Lines.ShouldContain(line => line.Contains("Model 'warm one' is warm after"));
        _log.Lines.ShouldContain(line => line.Contains("Model 'warm two' is warm after"));
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_ends_the_start_of_the_host()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Path + ".missing").AddPpdWarmUp());
        (await Should.ThrowAsync<PpdModelLoadException>(() => host.StartAsync(Cancel))).Message.ShouldContain("random.gguf.missing");
    }

    [Fact]
    public async Task In_the_background_a_failure_is_logged_and_shown_by_the_health_check()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Path + ".missing").AddPpdWarmUp(inBackground: true).AddHealthChecks().AddPpd());
        await host.StartAsync(Cancel);
        (await Settled(host)).Status.ShouldBe(HealthStatus.Unhealthy);
        await host.StopAsync(Cancel);
        _log.Lines.ShouldContain(line => line.Contains("could not be warmed up"));
    }

    [Fact]
    public async Task In_the_background_the_model_becomes_ready()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Options("one")).AddPpdWarmUp(inBackground: true).AddHealthChecks().AddPpd());
        await host.StartAsync(Cancel);
        (await Settled(host)).Status.ShouldBe(HealthStatus.Healthy);
        await host.StopAsync(Cancel);
    }

    static async Task<HealthReportEntry> Settled(IHost host)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (true)
        {
            var entry = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(limit.Token)).Entries["ppd"];
            if (entry.Status != HealthStatus.Degraded) return entry;
            await Task.Delay(20, limit.Token);
        }
    }

    IHost HostWith(Action<IServiceCollection> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug);
        register(builder.Services);
        return builder.Build();
    }
}
