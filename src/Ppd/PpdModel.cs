using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Chat;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd;

/// <summary>A loaded model with the engine that serves requests on it. Safe for concurrent use; clients share it.</summary>
public sealed partial class PpdModel : IDisposable
{
    const int DefaultContextLength = 4096;

    readonly LlamaModel _model;
    readonly ChatPromptBuilder _prompts;
    int _disposed;

    PpdModel(PpdModelOptions options, GgufModelInfo info, LlamaModel model, PromptTokens? promptTokens, EngineSettings settings, ILoggerFactory loggers)
    {
        _model = model;
        Info = info;
        ModelId = options.ModelId ?? info.Name;
        DraftTokens = options.DraftTokens;
        Plan = options.Plan ?? (Environment.GetEnvironmentVariable("PPD_PLAN") is { Length: > 0 } plan ? PpdPlan.Parse(plan) : PpdPlan.Auto);
        ContextLength = settings.ContextLength;
        _prompts = new ChatPromptBuilder(model.Vocabulary, info, options.ChatTemplate);
        var rows = promptTokens == null ? null : new PromptTokenRows(promptTokens, new EmbeddingTable(model.Library, options.ModelPath));
        Engine = StartEngine(options, settings, loggers.CreateLogger<PpdModel>(), rows);
    }

    // Measuring what steps cost takes up to a second or two: once for a model and its settings.
    Engine StartEngine(PpdModelOptions options, EngineSettings settings, ILogger logger, PromptTokenRows? prompts)
    {
        if (options.DraftTokens == 0) return new Engine(_model, settings, logger, prompts, CostMeasurement.Assumed);
        var folder = options.CacheFolder ?? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) switch { "" => "", var data => Path.Combine(data, "ppd") };
        if (folder.Length == 0) return new Engine(_model, settings, logger, prompts);
        var library = _model.Library;
        var file = new CostFile(folder, FormattableString.Invariant($"{Info.Architecture} {Info.Name}, {new FileInfo(options.ModelPath).Length} bytes, {options.GpuLayers} layers on a GPU, {(prompts == null ? "token" : "embedding")} rows; ") +
            FormattableString.Invariant($"llama.cpp {library.Version}, {library.SystemInfo}, {string.Join(", ", library.Devices.Select(device => device.Description))}; {settings}"));
        var known = file.Read();
        var engine = new Engine(_model, settings, logger, prompts, known);
        if (known == null && file.Write(engine.Costs.Measured) is { } failure) LogCostsNotKept(logger, folder, failure);
        return engine;
    }

    [LoggerMessage(LogLevel.Information, "The measured costs of steps could not be kept in '{Folder}', the next load measures again: {Reason}")]
    static partial void LogCostsNotKept(ILogger logger, string folder, string reason);

    /// <summary>Name the model goes by.</summary>
    public string ModelId { get; }

    /// <summary>Tokens of one conversation, prompt and reply together.</summary>
    public int ContextLength { get; }

    /// <summary>Whether steps may carry trained prompt tokens: they are wanted, there is a file of them, and this model can be given embeddings.</summary>
    public bool UsesPromptTokens => Engine.PromptTokens != null;

    /// <summary>Most guessed tokens per step unless a request says otherwise.</summary>
    internal int DraftTokens { get; }

    /// <summary>How the trees of steps are chosen unless a request says otherwise.</summary>
    internal PpdPlan Plan { get; }

    internal GgufModelInfo Info { get; }

    internal Engine Engine { get; }

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
    /// <param name="progress">Told the loaded fraction, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all that are.</exception>
    /// <exception cref="PpdModelLoadException">The runtime was not found, or the file is missing, damaged or not a model this library can decode.</exception>
    /// <exception cref="PpdTemplateException">The chat template is not valid.</exception>
    /// <exception cref="PpdPromptTokenFileException">The prompt tokens are damaged, belong to another model or cannot be decoded with.</exception>
    public static PpdModel Load(PpdModelOptions options, ILoggerFactory? loggerFactory = null, IProgress<float>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var loggers = loggerFactory ?? NullLoggerFactory.Instance;
        GgufModelInfo info;
        PromptTokens? promptTokens;
        using (var file = GgufFile.Open(options.ModelPath))
        {
            info = GgufModelCheck.Check(file);
            promptTokens = ReadPromptTokens(options, file);
        }
        if (options.ContextLength > info.ContextLength)
            throw new ArgumentException($"ContextLength is {options.ContextLength}; '{options.ModelPath}' was trained for {info.ContextLength} tokens. Ask for at most that.");
        var library = LlamaLibrary.Load(options.LibraryPath, loggers.CreateLogger("llama.cpp"));
        var gpu = options.GpuLayers != 0 && library.Devices.Any(d => d.Type is LlamaDeviceType.Gpu or LlamaDeviceType.IntegratedGpu);
        var settings = new EngineSettings(
            options.ContextLength ?? Math.Min(info.ContextLength, DefaultContextLength),
            options.Slots,
            options.QueueLimit,
            options.BatchSize,
            options.Threads ?? DefaultThreads,
            options.FlashAttention == PpdFlashAttention.On || (options.FlashAttention == PpdFlashAttention.Auto && gpu));
        RequireMemory(info, settings, gpu);
        if (promptTokens != null) RequireUsable(promptTokens, info, settings);
        var model = LlamaModel.Load(library, options.ModelPath, options.GpuLayers, progress, cancellationToken);
        try
        {
            return new PpdModel(options, info, model, promptTokens, settings, loggers);
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

    /// <summary>The prompt the model gets for these messages, as text.</summary>
    public string RenderPrompt(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Prompts.Render(messages, options).Text;

    /// <summary>Tokens of the prompt for these messages; compare with <see cref="ContextLength"/>.</summary>
    public int CountTokens(IEnumerable<ChatMessage> messages, ChatOptions? options = null) => Prompts.Tokenize(messages, options).Length;

    /// <summary>Ends running requests with an <see cref="ObjectDisposedException"/> and frees the native memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Engine.Dispose();
        _model.Dispose();
    }

    static PromptTokens? ReadPromptTokens(PpdModelOptions options, GgufFile file)
    {
        if (!options.UsePromptTokens) return null;
        var path = options.PromptTokenPath ?? PromptTokenFile.PathBeside(options.ModelPath);
        if (options.PromptTokenPath == null && !File.Exists(path)) return null;
        return PromptTokenFile.Read(path, BaseModel.Of(file));
    }

    static void RequireUsable(PromptTokens tokens, GgufModelInfo info, EngineSettings settings)
    {
        var obstacle = info.AcceptsEmbeddingRows ? PromptTokenRows.Obstacle(tokens, settings) : $"llama.cpp takes no embedding rows for the architecture '{info.Architecture}'";
        if (obstacle != null) throw new PpdPromptTokenFileException($"The prompt tokens for '{tokens.Model.Name}' cannot be used: {obstacle}. Set UsePromptTokens to false to go without.");
    }

    // llama.cpp allocates the cache at once and fills it; asking for more than there is ends the process, not the load.
    static void RequireMemory(GgufModelInfo info, EngineSettings settings, bool gpu)
    {
        var cache = settings.Cells * info.KvBytesPerToken;
        // the largest buffers of a step: attention scores of every head unless the kernel is fused, and the rows of logits
        var scores = settings.FlashAttention ? 0 : settings.BatchRows * settings.Cells * info.HeadCount * sizeof(float);
        var compute = scores + ((long)EngineSettings.TreeRows * info.VocabularySize * sizeof(float));
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!gpu && cache + compute + info.WeightBytes > available)
            throw new PpdModelLoadException(FormattableString.Invariant($"The model needs {info.WeightBytes / 1e9:0.0} GB for weights, {compute / 1e9:0.0} GB to compute and {cache / 1e9:0.0} GB for the cache of ") +
                FormattableString.Invariant($"{settings.Slots} slots of {settings.ContextLength} tokens; the machine has {available / 1e9:0.0} GB. Lower ContextLength, Slots or BatchSize, or take a smaller model."));
    }

    // One processor is left to the application: a ggml thread that has to share its processor stalls all the others.
    internal static int DefaultThreads => Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? 1 : Math.Max(1, Environment.ProcessorCount - 1);
}
