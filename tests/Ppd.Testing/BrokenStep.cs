using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Testing;

/// <summary>A forward pass that fails, for all requests that share it.</summary>
public static class BrokenStep
{
    /// <summary>What the exception says.</summary>
    public const string Message = "This step was to fail.";

    /// <summary>Has a step of a model fail; completes when its request has.</summary>
    public static Task Run(PpdModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var sink = new Sink();
        model.Engine.Submit(new GenerationRequest { Prompt = [300, 301], MaxTokens = 8, DraftTokens = 4, Plan = PpdPlan.Tree(4), DraftSources = [new Source()], Sink = sink });
        return sink.Ended;
    }

    sealed class Source : IDraftSource
    {
        public void Observe(ReadOnlySpan<int> tokens)
        {
            // it guesses nothing
        }

        public void Propose(TokenTree candidates, int maxDepth) => throw new InvalidOperationException(Message);
    }

    sealed class Sink : ITokenSink
    {
        readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Ended => _ended.Task;

        public bool Accept(ReadOnlySpan<int> tokens, out int kept)
        {
            kept = tokens.Length;
            return true;
        }

        public void Complete(GenerationResult result) => _ended.SetException(new InvalidOperationException("The step did not fail."));

        public void Fail(Exception error) => _ended.SetResult();
    }
}
