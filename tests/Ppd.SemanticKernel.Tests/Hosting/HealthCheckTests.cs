using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ppd.SemanticKernel.Tests.Hosting;

/// <summary>What the health check says of a model in each phase of its life.</summary>
public sealed class HealthCheckTests(RandomChatModel random)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_is_degraded_until_it_is_loaded_and_healthy_then()
    {
        using var services = Services(random.Options("checked"));
        var before = await Entry(services);
        before.Status.ShouldBe(HealthStatus.Degraded);
        before.Description.ShouldNotBeNull().ShouldContain("is not loaded");
        var model = services.GetRequiredService<PpdModel>();
        var after = await Entry(services);
        (after.Status, after.Description).ShouldBe((HealthStatus.Healthy, "'checked' is ready."));
        (after.Data["model"], after.Data["context_length"], after.Data["active_requests"], after.Data["waiting_requests"]).ShouldBe(("checked", model.ContextLength, 0, 0));
    }

    [Fact]
    public void A_model_is_degraded_while_it_is_being_loaded()
    {
        var options = random.Options("slow");
        List<HealthReportEntry> meanwhile = [];
        ServiceProvider? services = null;
        options.LoadProgress = new Listener(_ => meanwhile.Add(Entry(services!).GetAwaiter().GetResult()));
        using (services = Services(options)) services.GetRequiredService<PpdModel>();
        meanwhile.ShouldNotBeEmpty();
        meanwhile.ShouldAllBe(entry => entry.Status == HealthStatus.Degraded && entry.Description!.Contains("is being loaded"));
        meanwhile[^1].Data["progress"].ShouldBe(1f);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_unhealthy_with_the_reason_until_it_can()
    {
        using var folder = new Testing.TemporaryFolder();
        var options = random.Options("late");
        options.ModelPath = folder["late.gguf"];
        using var services = Services(options);
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<PpdModel>);
        var failed = await Entry(services);
        failed.Status.ShouldBe(HealthStatus.Unhealthy);
        failed.Description.ShouldNotBeNull().ShouldContain("late.gguf");
        failed.Exception.ShouldBeOfType<PpdModelLoadException>();
        File.Copy(random.Path, options.ModelPath);
        services.GetRequiredService<PpdModel>();
        (await Entry(services)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_model_whose_last_step_failed_is_unhealthy_until_one_succeeds()
    {
        using var services = Services(random.Options("broken"));
        await Testing.BrokenStep.Run(services.GetRequiredService<PpdModel>());
        var failed = await Entry(services);
        (failed.Status, failed.Description).ShouldBe((HealthStatus.Unhealthy, $"The last forward pass failed: {Testing.BrokenStep.Message}"));
        failed.Exception.ShouldNotBeNull();
        await services.GetRequiredService<IChatClient>().GetResponseAsync(RandomChatModel.Prompt, new ChatOptions { MaxOutputTokens = 2 }, Cancel);
        (await Entry(services)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_model_that_was_disposed_is_unhealthy()
    {
        using var services = Services(random.Options("gone"));
        services.GetRequiredService<PpdModel>().Dispose();
        var entry = await Entry(services);
        (entry.Status, entry.Description).ShouldBe((HealthStatus.Unhealthy, "The model was disposed."));
    }

    [Fact]
    public async Task Failure_status_name_and_tags_are_those_given()
    {
        using var services = new ServiceCollection().AddLogging()
            .AddPpdChatCompletion(random.Path + ".missing", serviceId: "local")
            .AddHealthChecks().AddPpd("local", failureStatus: HealthStatus.Degraded).AddPpd("local", "mine", tags: ["ready"]).Services.BuildServiceProvider();
        Should.Throw<PpdModelLoadException>(() => services.GetRequiredKeyedService<PpdModel>("local"));
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        (report.Entries["ppd-local"].Status, report.Entries["mine"].Status).ShouldBe((HealthStatus.Degraded, HealthStatus.Unhealthy));
        report.Entries["mine"].Tags.ShouldBe(["ready"]);
    }

    [Fact]
    public async Task A_model_that_is_not_registered_is_unhealthy()
    {
        using var services = new ServiceCollection().AddLogging().AddHealthChecks().AddPpd("other", "ppd").Services.BuildServiceProvider();
        var entry = await Entry(services);
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("service id 'other'");
    }

    static ServiceProvider Services(PpdModelOptions options) =>
        new ServiceCollection().AddLogging().AddPpdChatCompletion(options).AddHealthChecks().AddPpd().Services.BuildServiceProvider();

    static async Task<HealthReportEntry> Entry(IServiceProvider services) => (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["ppd"];

    sealed class Listener(Action<float> report) : IProgress<float>
    {
        public void Report(float value) => report(value);
    }
}
