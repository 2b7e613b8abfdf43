using System.Diagnostics;

namespace Ppd.Decoding;

/// <summary>A request on its way through the engine: its sampler, its cancellation and its counters. Fields are the loop thread's, except where said.</summary>
sealed class Generation
{
    readonly Engine _engine;
    readonly long _submitted = Stopwatch.GetTimestamp();
    volatile bool _cancelled;
    long _started;
    long _firstToken;
    long _lastToken;
    int _firstTokens;

    internal Generation(Engine engine, GenerationRequest request, TokenSampler sampler)
    {
        _engine = engine;
        Request = request;
        Sampler = sampler;
    }

    internal GenerationRequest Request { get; }

    internal TokenSampler Sampler { get; }

    internal int CachedPromptTokens { get; private set; }

    internal int Generated { get; private set; }

    internal int Steps { get; private set; }

    internal int Rows { get; private set; }

    internal int Proposed { get; private set; }

    internal int Accepted { get; private set; }

    internal double ExpectedAccepted { get; private set; }

    /// <summary>Whether <see cref="Cancel"/> was called; readable from any thread.</summary>
    internal bool Cancelled => _cancelled;

    /// <summary>Tokens still allowed by the request's limit.</summary>
    internal int Remaining => (Request.MaxTokens ?? int.MaxValue) - Generated;

    /// <summary>Ends the request as soon as possible, inside a running decode if no other request shares it. Any thread; idempotent.</summary>
    internal void Cancel()
    {
        _cancelled = true;
        _engine.OnCancelled(this);
    }

    internal void Start(int cachedPromptTokens)
    {
        _started = Stopwatch.GetTimestamp();
        CachedPromptTokens = cachedPromptTokens;
    }

    /// <summary>Counts a forward pass over this request's tree.</summary>
    /// <param name="tree">The tree that was decoded.</param>
    /// <param name="rows">Its rows, prompt tokens included.</param>
    /// <param name="accepted">Guesses that were right.</param>
    /// <param name="emitted">Tokens the consumer took.</param>
    internal void CountStep(TokenTree tree, int rows, int accepted, int emitted)
    {
        Steps++;
        Rows += rows;
        Proposed += tree.Count - 1;
        for (var node = 1; node < tree.Count; node++) ExpectedAccepted += tree.Reach(node);
        Accepted += accepted;
        Generated += emitted;
        _lastToken = Stopwatch.GetTimestamp();
        if (_firstToken == 0) (_firstToken, _firstTokens) = (_lastToken, emitted);
    }

    internal PpdGenerationStatistics Statistics() => new()
    {
        PromptTokens = Request.Prompt.Length,
        CachedPromptTokens = CachedPromptTokens,
        GeneratedTokens = Generated,
        FirstTokens = _firstTokens,
        Steps = Steps,
        Rows = Rows,
        ProposedTokens = Proposed,
        AcceptedTokens = Accepted,
        ExpectedAcceptedTokens = ExpectedAccepted,
        QueueTime = Stopwatch.GetElapsedTime(_submitted, _started),
        PrefillTime = Stopwatch.GetElapsedTime(_started, _firstToken),
        DecodeTime = Stopwatch.GetElapsedTime(_firstToken, _lastToken),
    };
}
