using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using Ppd;
using Ppd.SemanticKernel;
using Ppd.SemanticKernel.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a local GGUF model for Semantic Kernel and for Microsoft.Extensions.AI.</summary>
public static class PpdServiceCollectionExtensions
{
    const string FunctionsKey = "Functions";

    /// <summary>Registers the small model that comes with this library, <see cref="PpdModelOptions.DefaultModelPath"/>: for first steps and tests.</summary>
    /// <inheritdoc cref="AddPpdChatCompletion(IServiceCollection, string, string?, string?, Action{PpdModelOptions}?)"/>
    public static IServiceCollection AddPpdChatCompletion(this IServiceCollection services) => services.AddPpdChatCompletion(new PpdModelOptions());

    /// <summary>
    /// Registers a model as <see cref="IChatCompletionService"/>, <see cref="ITextGenerationService"/>, <see cref="IChatClient"/> and <see cref="PpdModel"/>. It is loaded
    /// when one of them is first resolved and freed with the container. With <c>Kernel.CreateBuilder()</c> the container is <c>kernel.Services</c>, which the caller disposes.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="modelPath">Path of the GGUF file.</param>
    /// <param name="modelId">Name the model goes by; default: the file's own name for it.</param>
    /// <param name="serviceId">Key of the registrations; null registers without a key.</param>
    /// <param name="configure">Sets further options.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddPpdChatCompletion(this IServiceCollection services, string modelPath, string? modelId = null, string? serviceId = null,
        Action<PpdModelOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        var options = new PpdModelOptions { ModelPath = modelPath, ModelId = modelId };
        configure?.Invoke(options);
        return services.AddPpdChatCompletion(options, serviceId);
    }

    /// <inheritdoc cref="AddPpdChatCompletion(IServiceCollection, string, string?, string?, Action{PpdModelOptions}?)"/>
    /// <param name="services">Where to register.</param>
    /// <param name="options">What to load and how.</param>
    /// <param name="serviceId">Key of the registrations; null registers without a key.</param>
    public static IServiceCollection AddPpdChatCompletion(this IServiceCollection services, PpdModelOptions options, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GivenModelOptions>, GivenModelOptionsValidation>());
        services.AddOptions<GivenModelOptions>(serviceId ?? Options.Options.DefaultName).Configure(given => given.Options = options).ValidateOnStart();
        return Register(services, serviceId, _ => options);
    }

    /// <summary>
    /// Registers a model whose options stand in a section of the configuration, under the names of <see cref="PpdModelOptions"/>, with a section <c>Functions</c> for
    /// <see cref="PpdFunctionInvocationOptions"/> if needed. Unknown keys and values out of range, all of them, end the start of the host with an
    /// <see cref="OptionsValidationException"/>; without a host, the first resolve. In code they are the options named by the service id.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">The model's own section, as in <c>builder.Configuration.GetSection("Ppd")</c>; it is read once.</param>
    /// <param name="serviceId">Key of the registrations; null registers without a key.</param>
    /// <inheritdoc cref="AddPpdChatCompletion(IServiceCollection, string, string?, string?, Action{PpdModelOptions}?)"/>
    public static IServiceCollection AddPpdChatCompletion(this IServiceCollection services, IConfiguration section, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        var name = serviceId ?? Options.Options.DefaultName;
        services.AddSingleton<IValidateOptions<PpdModelOptions>>(new ModelOptionsValidation(name, section));
        services.AddOptions<PpdModelOptions>(name).Configure(options => ConfiguredOptions.Read(options, name, section, nested: FunctionsKey)).ValidateOnStart();
        services.AddOptions<PpdFunctionInvocationOptions>(name).Configure(options => ConfiguredOptions.Read(options, name, section.GetSection(FunctionsKey)));
        return Register(services, serviceId, provider => provider.GetRequiredService<IOptionsMonitor<PpdModelOptions>>().Get(name));
    }

    /// <summary>
    /// Loads a registered model when the host starts and has it generate a few tokens, so that no request waits for it. If it cannot be loaded, the host does not start.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="serviceId">Service id of the model; null for the one without.</param>
    /// <param name="inBackground">
    /// Whether the host goes on starting meanwhile. A failure is then logged and shown by the health check (<c>AddHealthChecks().AddPpd()</c>), and the next request tries again.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddPpdWarmUp(this IServiceCollection services, string? serviceId = null, bool inBackground = false)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IHostedService>(provider => new WarmUp(provider, serviceId, inBackground, provider.GetRequiredService<ILogger<WarmUp>>()));
    }

    static IServiceCollection Register(IServiceCollection services, string? serviceId, Func<IServiceProvider, PpdModelOptions> options)
    {
        services.AddOptions<PpdFunctionInvocationOptions>(serviceId ?? Options.Options.DefaultName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PpdFunctionInvocationOptions>, FunctionInvocationValidation>());
        // The container disposes what it made itself: the model and the client, in the reverse order. The completion service is a view of the client.
        services.AddKeyedSingleton(serviceId, (_, _) => new ModelLoad());
        services.AddKeyedSingleton(serviceId, (provider, key) =>
            provider.GetRequiredKeyedService<ModelLoad>(key).Run(() => options(provider), provider.GetService<ILoggerFactory>()));
        services.AddKeyedSingleton(serviceId, (provider, key) => Pipeline(provider, provider.GetRequiredKeyedService<PpdModel>(key),
            provider.GetRequiredService<IOptionsMonitor<PpdFunctionInvocationOptions>>().Get(serviceId ?? Options.Options.DefaultName)));
        services.AddKeyedSingleton<IChatCompletionService>(serviceId, (provider, key) =>
            new StrictChatCompletionService(new ReasoningChatCompletionService(provider.GetRequiredKeyedService<IChatClient>(key).AsChatCompletionService(provider))));
        services.AddKeyedSingleton<ITextGenerationService>(serviceId, (provider, key) => new ChatTextGenerationService(provider.GetRequiredKeyedService<IChatCompletionService>(key)));
        return services;
    }

    // Telemetry inside of function invocation: the invoker takes the source of its own spans from it.
    static IChatClient Pipeline(IServiceProvider provider, PpdModel model, PpdFunctionInvocationOptions functions)
    {
        var loggers = provider.GetService<ILoggerFactory>();
        var builder = new PpdChatClient(model).AsBuilder().UseKernelFunctionInvocation(loggers).UseOpenTelemetry(loggers, PpdTelemetry.SourceName);
        if (loggers != null) builder.UseLogging(loggers);
        var client = builder.Build(provider);
        functions.ApplyTo(client.GetRequiredService<FunctionInvokingChatClient>());
        return client;
    }
}
