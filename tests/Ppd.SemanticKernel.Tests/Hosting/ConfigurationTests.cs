using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ppd.SemanticKernel.Tests.Hosting;

/// <summary>Options that stand in the configuration.</summary>
public sealed class ConfigurationTests(RandomChatModel random)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Options_are_those_of_the_section()
    {
        using var services = new ServiceCollection()
            .AddPpdChatCompletion(Section(("modelid", "configured"), ("ContextLength", "128"), ("FlashAttention", "off"), ("RepackWeights", "false"), ("Plan", "tree4")))
            .BuildServiceProvider();
        var model = services.GetRequiredService<PpdModel>();
        (model.ModelId, model.ContextLength).ShouldBe(("configured", 128));
        var options = services.GetRequiredService<IOptions<PpdModelOptions>>().Value;
        (options.FlashAttention, options.RepackWeights, options.Plan).ShouldBe((PpdFlashAttention.Off, false, PpdPlan.Tree(4)));
        (options.Slots, options.ChatTemplate).ShouldBe((4, null), "what the section leaves out keeps its default");
    }

    [Fact]
    public void Each_service_id_has_its_own_section()
    {
        using var services = new ServiceCollection()
            .AddPpdChatCompletion(Section(("ModelId", "first"), ("ContextLength", "64")), "a")
            .AddPpdChatCompletion(Section(("ModelId", "second"), ("ContextLength", "128"), ("Functions:MaximumIterations", "3")), "b")
            .BuildServiceProvider();
        services.GetRequiredKeyedService<PpdModel>("a").ContextLength.ShouldBe(64);
        services.GetRequiredKeyedService<PpdModel>("b").ContextLength.ShouldBe(128);
        Invoker(services, "a").MaximumIterationsPerRequest.ShouldNotBe(3);
        Invoker(services, "b").MaximumIterationsPerRequest.ShouldBe(3);
    }

    [Fact]
    public void A_kernel_builder_takes_a_section_too()
    {
        var kernel = Kernel.CreateBuilder().AddPpdChatCompletion(Section(("ModelId", "configured"))).Build();
        using var services = (ServiceProvider)kernel.Services;
        kernel.GetRequiredService<PpdModel>().ModelId.ShouldBe("configured");
    }

    [Theory]
    [InlineData("Slotz", "2", "Ppd:Slotz is not an option; allowed are ModelPath, ModelId,")]
    [InlineData("LoadProgress", "2", "Ppd:LoadProgress is not an option")]
    [InlineData("Slots", "many", "Ppd:Slots is 'many'; a whole number is needed")]
    [InlineData("Slots:Count", "2", "Ppd:Slots is a section; a whole number is needed")]
    [InlineData("Slots", "0", "Ppd: Invalid PpdModelOptions: Slots is 0; allowed are 1 to 64")]
    [InlineData("UsePromptTokens", "maybe", "Ppd:UsePromptTokens is 'maybe'; true or false is needed")]
    [InlineData("FlashAttention", "sometimes", "Ppd:FlashAttention is 'sometimes'; allowed are Auto, On, Off")]
    [InlineData("FlashAttention", "7", "FlashAttention is 7; allowed are Auto, On and Off")]
    [InlineData("Plan", "bush3", "Ppd:Plan is 'bush3'; allowed are auto, off, chainN, treeN and staticN")]
    [InlineData("ModelPath", "missing.gguf", "Ppd:ModelPath is 'missing.gguf', and no such file exists in '")]
    [InlineData("Functions:MaximumIteration", "2", "Ppd:Functions:MaximumIteration is not an option; allowed are MaximumIterations,")]
    [InlineData("Functions:MaximumIterations", "0", "MaximumIterations is 0; allowed are 1 and more")]
    public async Task What_is_wrong_in_the_section_ends_the_start_of_the_host(string key, string value, string message)
    {
        using var host = HostWith(Section((key, value)));
        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task Everything_that_cannot_be_read_is_reported_together()
    {
        using var host = HostWith(Section(("Slotz", "2"), ("Threads", "all"), ("Plan", "bush3")));
        var failures = (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Failures.ToList();
        failures.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_section_that_is_not_there_is_refused_and_no_other_model_is_taken()
    {
        using var host = HostWith(new ConfigurationBuilder().Build().GetSection("Ppd"));
        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message.ShouldContain("no section 'Ppd'");
    }

    [Fact]
    public async Task A_section_that_is_right_lets_the_host_start_without_loading_the_model()
    {
        using var host = HostWith(Section());
        await host.StartAsync(Cancel);
        var report = await host.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>().CheckHealthAsync(Cancel);
        report.Entries["ppd"].Description.ShouldNotBeNull().ShouldContain("is not loaded");
        await host.StopAsync(Cancel);
    }

    [Theory, InlineData(null), InlineData("local")]
    public async Task What_is_wrong_in_options_given_in_code_ends_the_start_of_the_host_too(string? serviceId)
    {
        var options = random.Options("wrong", slots: 0);
        options.QueueLimit = -1;
        using var host = HostWith(services => services.AddPpdChatCompletion(options, serviceId));
        var message = (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message;
        message.ShouldContain("Slots is 0; allowed are 1 to 64");
        message.ShouldContain("QueueLimit is -1");
    }

    [Fact]
    public async Task What_is_wrong_in_function_options_given_in_code_ends_the_start_of_the_host_too()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Options("right")).Configure<PpdFunctionInvocationOptions>(options => options.MaximumIterations = 0));
        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Cancel))).Message.ShouldContain("MaximumIterations is 0; allowed are 1 and more");
    }

    [Fact]
    public async Task Options_given_in_code_that_are_right_let_the_host_start()
    {
        using var host = HostWith(services => services.AddPpdChatCompletion(random.Options("right")).AddPpdChatCompletion(random.Options("other"), "other"));
        await host.StartAsync(Cancel);
        await host.StopAsync(Cancel);
    }

    static IHost HostWith(IConfiguration section) => HostWith(services => services.AddPpdChatCompletion(section));

    static IHost HostWith(Action<IServiceCollection> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        register(builder.Services);
        builder.Services.AddHealthChecks().AddPpd();
        return builder.Build();
    }

    static FunctionInvokingChatClient Invoker(IServiceProvider services, string key) => services.GetRequiredKeyedService<IChatClient>(key).GetRequiredService<FunctionInvokingChatClient>();

    // The random model on one thread, and what the test adds or replaces.
    IConfigurationSection Section(params (string Key, string Value)[] values)
    {
        var all = new Dictionary<string, string?> { ["Ppd:ModelPath"] = random.Path, ["Ppd:Threads"] = "1", ["Ppd:GpuLayers"] = "0" };
        foreach (var (key, value) in values) all[$"Ppd:{key}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection("Ppd");
    }
}
