using System.Diagnostics;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Planning;

namespace Ppd.Cli.Bench;

/// <summary>Requests to the engine of a loaded model with sources and plans of the benchmark's choice: the one place that knows its internals.</summary>
sealed class BenchEngine(PpdModel model, SamplingSettings sampling)
{
    /// <summary>Time of a step by its rows, measured when the model was loaded.</summary>
    internal CostCurveFacts CostCurve
    {
        get
        {
            var measured = model.Engine.Costs.Measured;
            return new CostCurveFacts(measured.Rows, measured.Times, measured.PerRowAndToken, measured.Rebuild, measured.PerOutput);
        }
    }

    /// <summary>Why there are no static trees of so many rows with so many requests at once, or null.</summary>
    internal string? StaticObstacle(int rows, int slots)
    {
        var settings = new EngineSettings(model.ContextLength, slots, QueueLimit: 0, PrefillRows: 1, Threads: 1, FlashAttention: false);
        return StaticPlan.Obstacle(rows, model.Engine.PromptTokens, settings.PathsPerSlot);
    }

    /// <summary>A planner that has learned nothing: every arm has one of its own.</summary>
    internal Planner NewPlanner() => model.Engine.NewPlanner(model.Engine.Costs.Measured);

    /// <summary>Replies to all prompts at once, of at most <paramref name="tokens"/> tokens each; <paramref name="tally"/> is told of every step.</summary>
    internal async Task<ArmRun> Run(IReadOnlyList<int[]> prompts, BenchArm arm, PpdPlan plan, Planner planner, int tokens, StepTally? tally = null)
    {
        model.Engine.Planner = planner;
        var before = model.Engine.Times;
        var start = Stopwatch.GetTimestamp();
        var sinks = prompts.Select(prompt => Submit(prompt, Sources(arm), plan, tokens, tally)).ToArray();
        var ends = await Task.WhenAll(sinks.Select(sink => sink.End));
        var after = model.Engine.Times;
        var statistics = ends.Select(end => end.Statistics).ToArray();
        var speed = prompts.Count == 1
            ? Whole(statistics[0])
            : sinks.Sum(sink => sink.Tokens.Count) / Stopwatch.GetElapsedTime(start, ends.Max(end => end.Time)).TotalSeconds;
        var counters = new StepCounters(statistics.Sum(s => s.Steps), statistics.Sum(s => s.Rows), statistics.Sum(s => s.ProposedTokens), statistics.Sum(s => s.AcceptedTokens),
            after.Steps - before.Steps, after.Decode - before.Decode, after.Host - before.Host);
        return new ArmRun([.. sinks.Select(sink => sink.Tokens.ToArray())], speed, counters);
    }

    // The first pass counts, with its tokens and its time: some arms have guesses for it and others have not. The prompt is in the cache.
    static double Whole(PpdGenerationStatistics reply) => reply.GeneratedTokens < 2 ? 0 : reply.GeneratedTokens / (reply.PrefillTime + reply.DecodeTime).TotalSeconds;

    Sink Submit(int[] prompt, List<IDraftSource> sources, PpdPlan plan, int tokens, StepTally? tally)
    {
        var sink = new Sink(tokens);
        model.Engine.Submit(new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = tokens,
            Sampling = sampling,
            DraftSources = sources,
            PromptSource = sources.OfType<PromptTokenSource>().SingleOrDefault(),
            Plan = plan,
            // a forced plan has as many guesses as it has room for
            DraftTokens = sources.Count == 0 ? 0 : plan.Kind == PpdPlanKind.Auto ? model.DraftTokens : EngineSettings.TreeRows - 1,
            OnStep = tally == null ? null : tally.Add,
            Sink = sink,
        });
        return sink;
    }

    List<IDraftSource> Sources(BenchArm arm)
    {
        List<IDraftSource> sources = [];
        if (arm.TakesPromptTokens() && model.Engine.PromptTokens is { } tokens) sources.Add(new PromptTokenSource(tokens));
        if (arm == BenchArm.NGram || arm.HasAllSources()) sources.Add(new NGramSource());
        if (sampling.Grammar is { } grammar && (arm == BenchArm.Grammar || arm.HasAllSources())) sources.Add(new GrammarSource(model.Vocabulary, grammar));
        return sources;
    }

    sealed class Sink(int capacity) : ITokenSink
    {
        readonly TaskCompletionSource<(PpdGenerationStatistics, long)> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal List<int> Tokens { get; } = new(capacity);

        internal Task<(PpdGenerationStatistics Statistics, long Time)> End => _end.Task;

        public bool Accept(ReadOnlySpan<int> tokens, out int kept)
        {
            Tokens.AddRange(tokens);
            kept = tokens.Length;
            return true;
        }

        public void Complete(GenerationResult result) => _end.SetResult((result.Statistics, Stopwatch.GetTimestamp()));

        public void Fail(Exception error) => _end.SetException(error);
    }
}
