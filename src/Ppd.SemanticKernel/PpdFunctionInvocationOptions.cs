using Microsoft.Extensions.AI;

namespace Ppd.SemanticKernel;

/// <summary>
/// How functions are invoked that the model calls. Set them with <c>services.Configure&lt;PpdFunctionInvocationOptions&gt;</c>, named by the service id if there is one,
/// or in the configuration under <c>Functions</c>. What is left unset is as <see cref="FunctionInvokingChatClient"/> has it.
/// </summary>
public sealed class PpdFunctionInvocationOptions
{
    /// <summary>Most times that one request may come back to the model with results, at least 1; after that it is asked once more, without functions.</summary>
    public int? MaximumIterations { get; set; }

    /// <summary>Most rounds in a row whose calls failed before the exception reaches the caller, at least 0.</summary>
    public int? MaximumConsecutiveErrors { get; set; }

    /// <summary>Whether the model is told the message of an exception, and not only that the function failed. The message may hold secrets.</summary>
    public bool IncludeDetailedErrors { get; set; }

    /// <summary>Whether several calls of one reply run at the same time.</summary>
    public bool AllowConcurrentInvocation { get; set; }

    internal IEnumerable<string> Errors()
    {
        if (MaximumIterations < 1) yield return $"{nameof(MaximumIterations)} is {MaximumIterations}; allowed are 1 and more.";
        if (MaximumConsecutiveErrors < 0) yield return $"{nameof(MaximumConsecutiveErrors)} is {MaximumConsecutiveErrors}; allowed are 0 and more.";
    }

    internal void ApplyTo(FunctionInvokingChatClient invoker)
    {
        if (MaximumIterations is { } iterations) invoker.MaximumIterationsPerRequest = iterations;
        if (MaximumConsecutiveErrors is { } errors) invoker.MaximumConsecutiveErrorsPerRequest = errors;
        invoker.IncludeDetailedErrors = IncludeDetailedErrors;
        invoker.AllowConcurrentInvocation = AllowConcurrentInvocation;
    }
}
