using Microsoft.Extensions.Logging;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd;

/// <summary>What is known of a model before its weights are loaded.</summary>
sealed partial class ModelSource
{
    const int DefaultContextLength = 4096;

    /// <summary>Facts of the file, checked.</summary>
    internal required GgufModelInfo Info { get; init; }

    /// <summary>Its prompt tokens, if there are any and they are wanted.</summary>
    internal required PromptTokens? PromptTokens { get; init; }

    /// <summary>The runtime.</summary>
    internal required LlamaLibrary Library { get; init; }

    /// <summary>Whether a GPU will hold layers.</summary>
    internal required bool Gpu { get; init; }

    /// <summary>Tokens of one conversation.</summary>
    internal required int ContextLength { get; init; }

    /// <summary>Where measurements are kept, or null.</summary>
    internal required ModelCache? Cache { get; init; }

    /// <summary>Reads the file and loads the runtime; errors as for <see cref="PpdModel.Load"/>.</summary>
    internal static ModelSource Open(PpdModelOptions options, ILoggerFactory loggers)
    {
        options.Validate();
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
        return new ModelSource
        {
            Info = info,
            PromptTokens = promptTokens,
            Library = library,
            Gpu = options.GpuLayers != 0 && library.Devices.Any(d => d.Type is LlamaDeviceType.Gpu or LlamaDeviceType.IntegratedGpu),
            ContextLength = options.ContextLength ?? Math.Min(info.ContextLength, DefaultContextLength),
            Cache = ModelCache.Open(options, info, library),
        };
    }

    /// <summary>The settings to load with; the profile's are taken where options leave the choice.</summary>
    /// <exception cref="PpdModelLoadException">There is not enough memory for what the options ask for.</exception>
    internal (EngineSettings Engine, MachineSettings Machine) Settings(PpdModelOptions options, ILogger logger)
    {
        var profile = ReadProfile(logger);
        var (engine, machine) = With(profile);
        // large batches were measured with a small cache; what nobody asked for must not be the reason for a failure
        if (profile?.BatchSize > MachineSettings.DefaultBatchSize && MissingMemory(engine) != null)
            (engine, machine) = With(profile with { BatchSize = MachineSettings.DefaultBatchSize });
        if (MissingMemory(engine) is { } missing) throw new PpdModelLoadException(missing);
        if (profile != null) LogProfile(logger, Cache!.Profile.Path, machine);
        return (engine, machine);

        (EngineSettings, MachineSettings) With(MachineSettings? profile)
        {
            var chosen = MachineSettings.Choose(options, profile, Gpu, PpdModel.OnBuildServer);
            return (new EngineSettings(ContextLength, options.Slots, options.QueueLimit, chosen.BatchSize, chosen.Threads, chosen.FlashAttention), chosen);
        }
    }

    MachineSettings? ReadProfile(ILogger logger)
    {
        if (Cache == null) return null;
        var (profile, problem) = Cache.Profile.Read();
        if (problem != null) LogProfileIgnored(logger, Cache.Profile.Path, problem);
        return profile;
    }

    // llama.cpp allocates the cache at once and fills it; asking for more than there is ends the process, not the load.
    string? MissingMemory(EngineSettings settings)
    {
        var cache = settings.Cells * Info.KvBytesPerToken;
        // the largest buffers of a step: attention scores of every head unless the kernel is fused, and the rows of logits
        var scores = settings.FlashAttention ? 0 : settings.BatchRows * settings.Cells * Info.HeadCount * sizeof(float);
        var compute = scores + ((long)EngineSettings.TreeRows * Info.VocabularySize * sizeof(float));
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Gpu || cache + compute + Info.WeightBytes <= available) return null;
        return FormattableString.Invariant($"The model needs {Info.WeightBytes / 1e9:0.0} GB for weights, {compute / 1e9:0.0} GB to compute and {cache / 1e9:0.0} GB for the cache of ") +
            FormattableString.Invariant($"{settings.Slots} slots of {settings.ContextLength} tokens; the machine has {available / 1e9:0.0} GB. Lower ContextLength, Slots or BatchSize, or take a smaller model.");
    }

    static PromptTokens? ReadPromptTokens(PpdModelOptions options, GgufFile file)
    {
        if (!options.UsePromptTokens) return null;
        var path = options.PromptTokenPath ?? PromptTokenFile.PathBeside(options.ModelPath);
        if (options.PromptTokenPath == null && !File.Exists(path)) return null;
        return PromptTokenFile.Read(path, BaseModel.Of(file));
    }

    [LoggerMessage(LogLevel.Information, "Settings of the profile '{Path}' are in use where options left the choice: {Settings}")]
    static partial void LogProfile(ILogger logger, string path, MachineSettings settings);

    [LoggerMessage(LogLevel.Warning, "The profile '{Path}' is ignored: {Problem}. Run 'ppd tune' for the model again, or delete the file")]
    static partial void LogProfileIgnored(ILogger logger, string path, string problem);
}
