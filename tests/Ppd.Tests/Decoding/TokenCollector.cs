using Ppd.Decoding;

namespace Ppd.Tests.Decoding;

/// <summary>Collects a request's tokens; optionally ends, blocks or breaks.</summary>
sealed class TokenCollector : ITokenSink
{
    readonly TaskCompletionSource<GenerationResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal List<int> Tokens { get; } = [];

    /// <summary>Sizes of the groups that came together.</summary>
    internal List<int> Groups { get; } = [];

    /// <summary>Called with the tokens so far before each group is taken.</summary>
    internal Action<List<int>>? OnTokens { get; init; }

    /// <summary>Ends the reply after this many tokens, as a stop string would.</summary>
    internal int StopAfter { get; init; } = int.MaxValue;

    internal Task<GenerationResult> Done => _done.Task;

    public bool Accept(ReadOnlySpan<int> tokens, out int kept)
    {
        OnTokens?.Invoke(Tokens);
        kept = Math.Min(tokens.Length, StopAfter - Tokens.Count);
        Tokens.AddRange(tokens[..kept]);
        Groups.Add(kept);
        return Tokens.Count < StopAfter;
    }

    public void Complete(GenerationResult result) => _done.SetResult(result);

    public void Fail(Exception error) => _done.SetException(error);
}
