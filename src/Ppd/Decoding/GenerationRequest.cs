using Ppd.Drafting;

namespace Ppd.Decoding;

/// <summary>Why a reply ended.</summary>
enum StopReason
{
    /// <summary>The model ended it, or a stop string.</summary>
    Stop,
    /// <summary>The token limit or the end of the context.</summary>
    Length,
}

/// <summary>How a reply ended and what it took.</summary>
readonly record struct GenerationResult(StopReason Reason, PpdGenerationStatistics Statistics);

/// <summary>What to generate from: tokens in, tokens out.</summary>
sealed class GenerationRequest
{
    /// <summary>The prompt, at least one token and fewer than the context length.</summary>
    internal required int[] Prompt { get; init; }

    /// <summary>How tokens are drawn.</summary>
    internal SamplingSettings Sampling { get; init; } = SamplingSettings.Greedy;

    /// <summary>Most tokens to generate; null means until the model ends or the context is full.</summary>
    internal int? MaxTokens { get; init; }

    /// <summary>Proposes tokens to verify; empty means plain decoding. Owned by this request.</summary>
    internal IReadOnlyList<IDraftSource> DraftSources { get; init; } = [];

    /// <summary>The source among <see cref="DraftSources"/> that reads prompt tokens; null decodes without them.</summary>
    internal PromptTokenSource? PromptSource { get; init; }

    /// <summary>How the tree of every step is chosen.</summary>
    internal PpdPlan Plan { get; init; }

    /// <summary>Most guesses verified per step.</summary>
    internal int DraftTokens { get; init; }

    /// <summary>Whether nobody has asked for it: then there is nothing to log.</summary>
    internal bool IsWarmUp { get; init; }

    /// <summary>Told of every step, on the engine's thread; an exception it throws ends the request.</summary>
    internal Action<PpdStep>? OnStep { get; init; }

    /// <summary>Where the tokens go.</summary>
    internal required ITokenSink Sink { get; init; }
}
