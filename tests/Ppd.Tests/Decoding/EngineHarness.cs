using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd.Tests.Decoding;

/// <summary>An engine over a test model, with one-line requests.</summary>
sealed class EngineHarness : IDisposable
{
    internal EngineHarness(string model, int contextLength = 0, int slots = 4, int queueLimit = 64, int prefillRows = 512, GgmlType cache = GgmlType.F16,
        PromptTokens? prompts = null)
    {
        Model = TestModels.Load(model);
        ContextLength = contextLength > 0 ? contextLength : Math.Min(Model.TrainedContextLength, 512);
        Engine = new Engine(Model, new EngineSettings(ContextLength, slots, queueLimit, prefillRows, Threads: 1, FlashAttention: false, cache), NullLogger.Instance,
            prompts == null ? null : new PromptTokenRows(prompts, new EmbeddingTable(Model.Library, TestModels.Path(model))), CostMeasurement.Assumed);
    }

    /// <summary>An engine over a model that the test has loaded and frees.</summary>
    internal EngineHarness(LlamaModel model)
    {
        Model = model;
        ContextLength = Math.Min(model.TrainedContextLength, 512);
        Engine = new Engine(model, new EngineSettings(ContextLength, Slots: 1, QueueLimit: 4, PrefillRows: 512, Threads: 1, FlashAttention: false, GgmlType.F32), NullLogger.Instance, null, CostMeasurement.Assumed);
    }

    const int TreeRows = 14;

    internal LlamaModel Model { get; }

    internal int ContextLength { get; }

    internal Engine Engine { get; }

    internal Generation Submit(int[] prompt, TokenCollector sink, SamplingSettings? sampling = null, int? maxTokens = null, int draftTokens = 0, IDraftSource? source = null, PpdPlan? plan = null,
        Action<PpdStep>? onStep = null) => Engine.Submit(Request(prompt, sink, sampling, maxTokens, draftTokens, source, plan, onStep));

    GenerationRequest Request(int[] prompt, TokenCollector sink, SamplingSettings? sampling, int? maxTokens, int draftTokens, IDraftSource? source, PpdPlan? plan, Action<PpdStep>? onStep)
    {
        // what the engine's prompt tokens guess joins the tree of the other source
        var promptSource = Engine.PromptTokens is { } prompts && draftTokens > 0 ? new PromptTokenSource(prompts) : null;
        IDraftSource[] sources = [source ?? new NGramSource()];
        return new GenerationRequest
        {
            Prompt = prompt,
            Sampling = sampling ?? SamplingSettings.Greedy,
            MaxTokens = maxTokens,
            DraftTokens = draftTokens,
            Plan = plan ?? PpdPlan.Tree(TreeRows),      // wrong guesses are what tests need
            DraftSources = draftTokens == 0 ? [] : promptSource == null ? sources : [.. sources, promptSource],
            PromptSource = promptSource,
            Sink = sink,
            OnStep = onStep,
        };
    }

    internal async Task<(List<int> Tokens, GenerationResult Result)> Run(int[] prompt, SamplingSettings? sampling = null, int? maxTokens = null, int draftTokens = 0,
        IDraftSource? source = null, PpdPlan? plan = null, Action<PpdStep>? onStep = null)
    {
        var sink = new TokenCollector();
        Submit(prompt, sink, sampling, maxTokens, draftTokens, source, plan, onStep);
        var result = await sink.Done.WaitAsync(TestContext.Current.CancellationToken);
        return (sink.Tokens, result);
    }

    internal int[] Tokenize(string text)
    {
        var tokens = new List<int>();
        if (Model.Vocabulary.AddsBeginningOfText) tokens.Add(Model.Vocabulary.BeginningOfText);
        Model.Vocabulary.Tokenize(text, parseSpecial: false, tokens);
        return [.. tokens];
    }

    public void Dispose() => Engine.Dispose();
}
