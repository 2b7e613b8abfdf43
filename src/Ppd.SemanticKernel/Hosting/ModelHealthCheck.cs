using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ppd.SemanticKernel.Hosting;

/// <summary>A registered model as a health check: healthy when it is loaded, failed with the reason when it could not be or no longer works, degraded before.</summary>
/// <param name="load">Of the model; null if none is registered.</param>
/// <param name="serviceId">Its service id.</param>
sealed class ModelHealthCheck(ModelLoad? load, string? serviceId) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(context.Registration.FailureStatus));

    HealthCheckResult Check(HealthStatus failure) => load?.State switch
    {
        null => new HealthCheckResult(failure, $"No model is registered {(serviceId == null ? "without a service id" : $"under the service id '{serviceId}'")}; register one with AddPpdChatCompletion."),
        { Phase: ModelPhase.NotLoaded } => HealthCheckResult.Degraded("The model is not loaded; the first request loads it. AddPpdWarmUp loads it when the host starts."),
        { Phase: ModelPhase.Loading, Fraction: var fraction } => HealthCheckResult.Degraded(
            string.Create(CultureInfo.InvariantCulture, $"The model is being loaded, {fraction * 100:0} %."), data: new Dictionary<string, object> { ["progress"] = fraction }),
        { Phase: ModelPhase.Failed, Error: { } error } => new HealthCheckResult(failure, $"The model could not be loaded: {error.Message}", error),
        { Model.Failure: { } error } => new HealthCheckResult(failure, error is ObjectDisposedException ? "The model was disposed." : $"The last forward pass failed: {error.Message}", error),
        { Model: { } model } => HealthCheckResult.Healthy($"'{model.ModelId}' is ready.", new Dictionary<string, object>
        {
            ["model"] = model.ModelId,
            ["context_length"] = model.ContextLength,
            ["active_requests"] = model.ActiveRequests,
            ["waiting_requests"] = model.WaitingRequests,
        }),
        var state => throw new InvalidOperationException($"The state {state} says nothing."),
    };
}
