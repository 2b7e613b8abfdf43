using Ppd.Decoding;
using Ppd.Native;
using Ppd.Planning;

namespace Ppd;

/// <summary>Names of the files in which measurements of one model on this machine are kept.</summary>
sealed class ModelCache
{
    const int LongContext = 512;    // tokens; what steps cost is measured with no more in the cache

    readonly string _subject;

    ModelCache(string folder, string subject) => (Folder, _subject) = (folder, subject);

    internal string Folder { get; }

    /// <summary>Null where nothing is to be kept.</summary>
    internal static ModelCache? Open(PpdModelOptions options, GgufModelInfo info, LlamaLibrary library)
    {
        // unverified: a user who has never run anything has no such folder yet, and the first file makes it
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = options.CacheFolder ?? Environment.GetEnvironmentVariable("PPD_CACHE") ?? (data.Length == 0 ? "" : Path.Combine(data, "ppd"));
        if (folder.Length == 0) return null;
        return new ModelCache(folder, FormattableString.Invariant($"{info.Architecture} {info.Name}, {new FileInfo(options.ModelPath).Length} bytes, {options.GpuLayers} layers on a GPU; ") +
            $"llama.cpp {library.Version}, {library.SystemInfo}, {string.Join(", ", library.Devices.Select(device => device.Description))}");
    }

    /// <summary>The settings found best.</summary>
    internal ProfileFile Profile => new(Folder, _subject);

    /// <summary>What steps cost with these settings. Slots and batch size play no part in that, nor does a context longer than the measurement's.</summary>
    internal CostFile Costs(EngineSettings settings, bool repackWeights, bool embeddings) => new(Folder, _subject +
        FormattableString.Invariant($"; {settings.Threads} threads, flash attention {settings.FlashAttention}, repacked {repackWeights}, cache {settings.CacheType}, {(embeddings ? "embedding" : "token")} rows, ") +
        FormattableString.Invariant($"context {Math.Min(settings.ContextLength, LongContext)}"));
}
