using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Decoding;
using Ppd.Diagnostics;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd;

/// <summary>A loaded model with the engine that serves requests on it. Safe for concurrent use; clients share it.</summary>
public sealed partial class PpdModel : IDisposable
{
    readonly LlamaModel _model;
    readonly ChatPromptBuilder _prompts;
    int _disposed;

    PpdModel(PpdModelOptions options, ModelSource source, LlamaModel model, EngineSettings settings, MachineSettings machine, ILogger logger, CancellationToken cancellationToken)
    {
        _model = model;
        Info = source.Info;
        Machine = machine;
        ModelId = options.ModelId ?? Info.Name;
        DraftTokens = options.DraftTokens;
        Plan = options.Plan ?? (Environment.GetEnvironmentVariable("PPD_PLAN") is { Length: > 0 } plan ? PpdPlan.Parse(plan) : PpdPlan.Auto);
        ContextLength = settings.ContextLength;
        Grammars = new ReplyGrammars(logger);
        _prompts = new ChatPromptBuilder(model.Vocabulary, Info, options.ChatTemplate);
        var rows = source.PromptTokens == null ? null : new PromptTokenRows(source.PromptTokens, new EmbeddingTable(model.Library, options.ModelPath));
        Engine = options.DraftTokens == 0 ? new Engine(_model, settings, logger, rows, CostMeasurement.Assumed) : StartEngine(source.Cache, settings, logger, rows, cancellationToken);
    }

    // Measuring what steps cost takes up to a second or two: once for a model and its settings.
    Engine StartEngine(ModelCache? cache, EngineSettings settings, ILogger logger, PromptTokenRows? prompts, CancellationToken cancellationToken)
    {
        var file = cache?.Costs(settings, Machine.RepackWeights, embeddings: prompts != null);
        var known = file?.Read();
        var engine = new Engine(_model, settings, logger, prompts, known);
        try
        {
            EngineWarmUp.Run(engine, _model.Vocabulary.Count, settings.ContextLength, cancellationToken);
        }
        catch (Exception error)
        {
            engine.Dispose();
            if (error is PpdException) throw new PpdModelLoadException($"The model was loaded, but its first steps failed: {error.Message}", error);
            throw;
        }
        if (known == null && file?.Write(engine.Costs.Measured) is { } failure) LogCostsNotKept(logger, cache!.Folder, failure);
        return engine;
    }

    [LoggerMessage(LogLevel.Information, "The measured costs of steps could not be kept in '{Folder}', the next load measures again: {Reason}")]
    static partial void LogCostsNotKept(ILogger logger, string folder, string reason);

    [LoggerMessage(LogLevel.Information, "Loading '{Path}'")]
    static partial void LogLoading(ILogger logger, string path);

    [LoggerMessage(LogLevel.Information, "Model '{ModelId}' is ready after {Seconds:0.0} s: {Slots} slots of {ContextLength} tokens, {Threads} threads, prompt tokens {UsesPromptTokens}")]
    static partial void LogReady(ILogger logger, string modelId, double seconds, int slots, int contextLength, int threads, bool usesPromptTokens);

    /// <summary>Name the model goes by.</summary>
    public string ModelId { get; }

    /// <summary>Tokens of one conversation, prompt and reply together.</summary>
    public int ContextLength { get; }

    /// <summary>Whether steps may carry trained prompt tokens: they are wanted, there is a file of them, and this model can be given embeddings.</summary>
    public bool UsesPromptTokens => Engine.PromptTokens != null;

    /// <summary>Requests that are being answered now.</summary>
    public int ActiveRequests => Engine.Requests.Active;

    /// <summary>Requests that wait for a slot now; compare with <see cref="PpdModelOptions.QueueLimit"/>.</summary>
    public int WaitingRequests => Engine.Requests.Waiting;

    /// <summary>Why no reply can be expected: the model was disposed, or its last forward pass failed. Null otherwise.</summary>
    public Exception? Failure => _disposed != 0 ? new ObjectDisposedException(nameof(PpdModel)) : Engine.Failure;

    /// <summary>Most guessed tokens per step unless a request says otherwise.</summary>
    internal int DraftTokens { get; }

    /// <summary>How the trees of steps are chosen unless a request says otherwise.</summary>
    internal PpdPlan Plan { get; }

    internal GgufModelInfo Info { get; }

    /// <summary>Settings of the options, or of the profile, that the model was loaded with.</summary>
    internal MachineSettings Machine { get; }

    internal Engine Engine { get; }

    internal ReplyGrammars Grammars { get; }

    internal LlamaVocabulary Vocabulary => _model.Vocabulary;

    internal ChatPromptBuilder Prompts
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _prompts;
        }
    }

    /// <summary>Loads a model; blocks until its weights are mapped and its cache is allocated.</summary>
    /// <param name="options">What to load and how.</param>
    /// <param name="loggerFactory">Where the engine's and llama.cpp's logs go; null means nowhere.</param>
    /// <param name="progress">Told the loaded fraction, 0 to 1; beside <see cref="PpdModelOptions.LoadProgress"/>.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all that are.</exception>
    /// <exception cref="PpdModelLoadException">The runtime was not found, or the file is missing, damaged or not a model this library can decode.</exception>
    /// <exception cref="PpdTemplateException">The chat template is not valid.</exception>
    /// <exception cref="PpdPromptTokenFileException">The prompt tokens are damaged, belong to another model or cannot be decoded with.</exception>
    public static PpdModel Load(PpdModelOptions options, ILoggerFactory? loggerFactory = null, IProgress<float>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var loggers = loggerFactory ?? NullLoggerFactory.Instance;
        var start = Stopwatch.GetTimestamp();
        var logger = new GuardedLogger(loggers.CreateLogger<PpdModel>());
        LogLoading(logger, options.ModelPath);
        var source = ModelSource.Open(options, loggers);
        var (settings, machine) = source.Settings(options, logger);
        if (source.PromptTokens != null) RequireUsable(source.PromptTokens, source.Info, settings);
        var report = new LoadProgress(options.ModelPath, [progress, options.LoadProgress], logger);
        var model = LlamaModel.Load(source.Library, options.ModelPath, options.GpuLayers, report, cancellationToken, machine.RepackWeights);
        report.Report(1);
        try
        {
            var loaded = new PpdModel(options, source, model, settings, machine, logger, cancellationToken);
            LogReady(logger, loaded.ModelId, Stopwatch.GetElapsedTime(start).TotalSeconds, settings.Slots, settings.ContextLength, settings.Threads, loaded.UsesPromptTokens);
            return loaded;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Load"/>, on a thread-pool thread.</summary>
    /// <inheritdoc cref="Load"/>
    public static Task<PpdModel> LoadAsync(PpdModelOptions options, ILoggerFactory? loggerFactory = null, IProgress<float>? progress = null,
        CancellationToken cancellationToken = default) => Task.Run(() => Load(options, loggerFactory, progress, cancellationToken), cancellationToken);

    /// <summary>The prompt the model gets for these messages, as text: with the tools of the options.</summary>
    public string RenderPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Prompt(messages, options).Text;

    /// <summary>Tokens of the prompt for these messages; compare with <see cref="ContextLength"/>.</summary>
    public int CountTokens(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Prompts.Tokenize(Prompt(messages, options)).Length;

    ChatPrompt Prompt(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        Prompts.Build(messages, options?.Instructions, ToolRequest.From(options), ChatRequestSettings.Thinking(options, new PpdChatClient(this)));

    /// <summary>Ends running requests with an <see cref="ObjectDisposedException"/> and frees the native memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Engine.Dispose();
        _model.Dispose();
    }

    static void RequireUsable(PromptTokens tokens, GgufModelInfo info, EngineSettings settings)
    {
        var obstacle = info.AcceptsEmbeddingRows ? PromptTokenRows.Obstacle(tokens, settings) : $"llama.cpp takes no embedding rows for the architecture '{info.Architecture}'";
        if (obstacle != null) throw new PpdPromptTokenFileException($"The prompt tokens for '{tokens.Model.Name}' cannot be used: {obstacle}. Set UsePromptTokens to false to go without.");
    }

    // One processor is left to the application: a ggml thread that has to share its processor stalls all the others.
    internal static int DefaultThreads => OnBuildServer ? 1 : Math.Max(1, Environment.ProcessorCount - 1);

    internal static bool OnBuildServer => Environment.GetEnvironmentVariable("CI") is { Length: > 0 };
}
