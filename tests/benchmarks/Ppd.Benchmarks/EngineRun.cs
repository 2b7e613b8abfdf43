using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Benchmarks;

/// <summary>Blocking requests to an engine, with what they cost.</summary>
sealed class EngineRun(LlamaModel model, EngineSettings settings, PromptTokenRows? prompts = null) : IDisposable
{
    readonly Engine _engine = new(model, settings, NullLogger.Instance, prompts);

    /// <param name="Tokens">The reply.</param>
    /// <param name="Statistics">The engine's counters.</param>
    /// <param name="Host">Time outside llama_decode per step, in microseconds.</param>
    /// <param name="Allocated">Managed bytes allocated by the process meanwhile.</param>
    internal readonly record struct Reply(List<int> Tokens, PpdGenerationStatistics Statistics, double Host, long Allocated);

    /// <summary>What steps cost.</summary>
    internal Planning.CostCurve Costs => _engine.Costs;

    /// <summary>Plans the replies to come.</summary>
    internal Planning.Planner Planner { set => _engine.Planner = value; }

    /// <summary>A planner that has learned nothing.</summary>
    /// <param name="costs">What steps cost; null takes what was measured.</param>
    internal Planning.Planner NewPlanner(Planning.CostMeasurement? costs = null) => _engine.NewPlanner(costs ?? _engine.Costs.Measured);

    /// <summary>Prompt tokens the engine can use, or null.</summary>
    internal PromptTokens? PromptTokens => _engine.PromptTokens;

    /// <summary>A reply of <paramref name="count"/> tokens; without draft tokens it is decoded plainly.</summary>
    internal Reply Generate(int[] prompt, int count, int draftTokens, IReadOnlyList<IDraftSource> sources, SamplingSettings? sampling = null, PpdPlan plan = default, Action<PpdStep>? onStep = null)
    {
        var sink = new Sink(count);
        var (before, allocated) = (_engine.Times, GC.GetTotalAllocatedBytes(precise: true));
        _engine.Submit(new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = count,
            Sampling = sampling ?? SamplingSettings.Greedy,
            DraftTokens = draftTokens,
            Plan = plan,
            DraftSources = sources,
            PromptSource = sources.OfType<PromptTokenSource>().SingleOrDefault(),
            Sink = sink,
            OnStep = onStep,
        });
        var result = sink.Wait();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var after = _engine.Times;
        return new Reply(sink.Tokens, result.Statistics, (after.Host - before.Host).TotalMicroseconds / (after.Steps - before.Steps), allocated);
    }

    public void Dispose() => _engine.Dispose();

    internal sealed class Sink(int capacity) : ITokenSink
    {
        readonly ManualResetEventSlim _done = new();
        GenerationResult _result;
        Exception? _error;

        internal List<int> Tokens { get; } = new(capacity);

        internal GenerationResult Wait()
        {
            _done.Wait();
            return _error == null ? _result : throw _error;
        }

        public bool Accept(ReadOnlySpan<int> tokens, out int kept)
        {
            Tokens.AddRange(tokens);
            kept = tokens.Length;
            return true;
        }

        public void Complete(GenerationResult result)
        {
            _result = result;
            _done.Set();
        }

        public void Fail(Exception error)
        {
            _error = error;
            _done.Set();
        }
    }
}
