using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Ppd;
using Ppd.SemanticKernel;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a local GGUF model for Semantic Kernel and for Microsoft.Extensions.AI.</summary>
public static class PpdServiceCollectionExtensions
{
    /// <summary>Registers the small model that comes with this library, <see cref="PpdModelOptions.DefaultModelPath"/>: for first steps and tests.</summary>
    /// <inheritdoc cref="AddPpdChatCompletion(IServiceCollection, string, string?, string?, Action{PpdModelOptions}?)"/>
    public static IServiceCollection AddPpdChatCompletion(this IServiceCollection services) => services.AddPpdChatCompletion(new PpdModelOptions());

    /// <summary>
    /// Registers a model as <see cref="IChatCompletionService"/>, <see cref="IChatClient"/> and <see cref="PpdModel"/>. It is loaded when one of them is first
    /// resolved and freed with the container. With <c>Kernel.CreateBuilder()</c> the container is <c>kernel.Services</c>, which the caller disposes.
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
        // The container disposes what it made itself: the model and the client, in the reverse order. The completion service is a view of the client.
        services.AddKeyedSingleton(serviceId, (provider, _) => PpdModel.Load(options, provider.GetService<ILoggerFactory>()));
        services.AddKeyedSingleton<IChatClient>(serviceId, (provider, key) => Pipeline(provider, provider.GetRequiredKeyedService<PpdModel>(key)));
        services.AddKeyedSingleton<IChatCompletionService>(serviceId, (provider, key) =>
            new StrictChatCompletionService(new ReasoningChatCompletionService(provider.GetRequiredKeyedService<IChatClient>(key).AsChatCompletionService(provider))));
        return services;
    }

    static IChatClient Pipeline(IServiceProvider provider, PpdModel model)
    {
        var loggers = provider.GetService<ILoggerFactory>();
        var builder = new PpdChatClient(model).AsBuilder().UseKernelFunctionInvocation(loggers);
        if (loggers != null) builder.UseLogging(loggers);
        return builder.Build(provider);
    }
}
