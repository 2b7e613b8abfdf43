using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Planning.Simulation;

/// <summary>
/// Takes down what prompt tokens guess while a reply is decoded token by token: as the only source of a request whose plan is a tree of the root and its chain.
/// </summary>
/// <param name="source">The request's prompt-token source.</param>
sealed class GuessRecorder(PromptTokenSource source) : IDraftSource
{
    readonly List<(int, float)[][]> _guesses = [];
    readonly List<int> _reply = [];
    int[]? _prompt;

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<int> tokens)
    {
        if (_prompt == null)
        {
            _prompt = tokens.ToArray();
            return;
        }
        // read behind the token before the last
        if (_reply.Count > 0) _guesses.Add([.. Enumerable.Range(1, source.Distances).Select(distance => source.Guesses(distance).ToArray())]);
        _reply.AddRange(tokens);
        source.Observe(tokens);
    }

    /// <inheritdoc/>
    public void Propose(TokenTree candidates, int maxDepth) { }

    /// <summary>What was taken down, once the request has ended.</summary>
    internal GuessTrace Trace() => new(_prompt!, [.. _reply], [.. _guesses, [], []]);
}
