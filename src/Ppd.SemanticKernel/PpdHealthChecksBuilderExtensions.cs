using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ppd.SemanticKernel.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of models registered with <c>AddPpdChatCompletion</c>.</summary>
public static class PpdHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports whether a model answers: degraded while it is not loaded or being loaded, healthy when it is, <paramref name="failureStatus"/> with the reason when the last
    /// attempt failed. It never loads the model itself.
    /// </summary>
    /// <param name="builder">Where to add it.</param>
    /// <param name="serviceId">Service id of the model; null for the one without.</param>
    /// <param name="name">Name of the check; default <c>ppd</c>, with a service id <c>ppd-</c> and the id.</param>
    /// <param name="failureStatus">What a model that could not be loaded counts as; default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">To choose checks by.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddPpd(this IHealthChecksBuilder builder, string? serviceId = null, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name ?? (serviceId == null ? "ppd" : $"ppd-{serviceId}"),
            provider => new ModelHealthCheck(provider.GetKeyedService<ModelLoad>(serviceId), serviceId), failureStatus, tags));
    }
}
