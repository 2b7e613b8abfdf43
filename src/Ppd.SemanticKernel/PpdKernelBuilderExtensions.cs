using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ppd;

namespace Microsoft.SemanticKernel;

/// <summary>Registers a local GGUF model on a kernel builder.</summary>
public static class PpdKernelBuilderExtensions
{
    /// <inheritdoc cref="PpdServiceCollectionExtensions.AddPpdChatCompletion(IServiceCollection)"/>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddPpdChatCompletion(this IKernelBuilder builder) => builder.AddPpdChatCompletion(new PpdModelOptions());

    /// <inheritdoc cref="PpdServiceCollectionExtensions.AddPpdChatCompletion(IServiceCollection, string, string?, string?, Action{PpdModelOptions}?)"/>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddPpdChatCompletion(this IKernelBuilder builder, string modelPath, string? modelId = null, string? serviceId = null,
        Action<PpdModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPpdChatCompletion(modelPath, modelId, serviceId, configure);
        return builder;
    }

    /// <inheritdoc cref="PpdServiceCollectionExtensions.AddPpdChatCompletion(IServiceCollection, PpdModelOptions, string?)"/>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddPpdChatCompletion(this IKernelBuilder builder, PpdModelOptions options, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPpdChatCompletion(options, serviceId);
        return builder;
    }

    /// <inheritdoc cref="PpdServiceCollectionExtensions.AddPpdChatCompletion(IServiceCollection, IConfiguration, string?)"/>
    /// <returns>The builder.</returns>
    public static IKernelBuilder AddPpdChatCompletion(this IKernelBuilder builder, IConfiguration section, string? serviceId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPpdChatCompletion(section, serviceId);
        return builder;
    }
}
