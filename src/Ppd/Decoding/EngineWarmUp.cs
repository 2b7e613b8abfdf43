using System.Diagnostics;
using Ppd.Drafting;

namespace Ppd.Decoding;

/// <summary>
/// A few steps of every kind before the first request. The first call of a method waits for the JIT compiler: on a small model ten times as long as a step takes, and the planner would blame the trees for it.
/// It also brings the weights into memory, as llama.cpp's own programs do when they start.
/// </summary>
static class EngineWarmUp
{
    const int PromptTokens = 8, ReplyTokens = 24, LeastSteps = 3;

    static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);
    static readonly PpdPlan[] Plans = [PpdPlan.Tree(8), PpdPlan.Auto, PpdPlan.Chain(4)];

    /// <summary>Takes a quarter of a second, or as long as <see cref="LeastSteps"/> steps if these take longer; nothing of what was learned meanwhile is kept.</summary>
    /// <param name="engine">An engine that has no requests yet.</param>
    /// <param name="vocabulary">Tokens of the model.</param>
    /// <param name="contextLength">Tokens of one request.</param>
    /// <param name="cancellationToken">Stops between two replies.</param>
    internal static void Run(Engine engine, int vocabulary, int contextLength, CancellationToken cancellationToken = default)
    {
        var length = Math.Min(PromptTokens, contextLength - 1);
        if (length < 1) return;
        // texts begin with other tokens than the last ones of the vocabulary: no request will find its beginning in the cache
        int[] prompt = [.. Enumerable.Range(0, length).Select(i => vocabulary - 1 - (i % Math.Min(4, vocabulary)))];
        var clock = Stopwatch.StartNew();
        for (var run = 0; run == 0 || clock.Elapsed < Budget; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var source = engine.PromptTokens is { } tokens ? new PromptTokenSource(tokens) : null;
            var sink = new Sink(clock);
            engine.Submit(new GenerationRequest
            {
                Prompt = prompt,
                MaxTokens = ReplyTokens,
                Sampling = run % 2 == 0 ? new SamplingSettings() : SamplingSettings.Greedy,
                DraftTokens = ReplyTokens,
                DraftSources = source == null ? [new NGramSource()] : [source, new NGramSource()],
                PromptSource = source,
                Plan = Plans[run % Plans.Length],
                Sink = sink,
                IsWarmUp = true,
            });
            sink.Done.GetAwaiter().GetResult();
        }
        engine.Planner = engine.NewPlanner(engine.Costs.Measured);
    }

    sealed class Sink(Stopwatch clock) : ITokenSink
    {
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _steps;

        internal Task Done => _done.Task;

        public bool Accept(ReadOnlySpan<int> tokens, out int kept)
        {
            kept = tokens.Length;
            return ++_steps < LeastSteps || clock.Elapsed < Budget;
        }

        public void Complete(GenerationResult result) => _done.SetResult();

        public void Fail(Exception error) => _done.SetException(error);
    }
}
