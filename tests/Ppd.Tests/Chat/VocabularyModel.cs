using Ppd.Native;
using Ppd.Testing;
using Ppd.Tests.Native;

namespace Ppd.Tests.Chat;

/// <summary>A tiny model, all weights 0, around a tokeniser: what it takes to have llama.cpp tokenise.</summary>
static class VocabularyModel
{
    /// <summary>The tokeniser of one of the vocabularies in the shared data.</summary>
    internal static LlamaModel OfSharedData(string name)
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        using var file = GgufFile.Open(SharedData.Path("models", "vocab-only", $"ggml-vocab-{name}.gguf"));
        var keys = file.Metadata.Keys.Where(key => key.StartsWith("tokenizer.ggml.", StringComparison.Ordinal)).ToDictionary(key => key, key => Value(file.Metadata, key));
        return Load(keys);
    }

    /// <summary>A byte-pair tokeniser that knows single bytes only, with a named splitter (<c>tokenizer.ggml.pre</c>) and special tokens.</summary>
    internal static LlamaModel OfBytes(string splitter, params string[] special)
    {
        // printable bytes stand for themselves, the others for characters from U+0100 on: the byte alphabet of GPT-2
        List<string> tokens = [];
        for (var (value, next) = (0, 256); value < 256; value++)
            tokens.Add(((char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++)).ToString());
        var types = Enumerable.Repeat(1, 256).Concat(special.Select(_ => 3)).ToArray();
        return Load(new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = splitter,
            ["tokenizer.ggml.tokens"] = tokens.Concat(special).ToArray(),
            ["tokenizer.ggml.token_type"] = types,
            ["tokenizer.ggml.merges"] = new[] { "a b" },
            ["tokenizer.ggml.bos_token_id"] = 0u,
            ["tokenizer.ggml.eos_token_id"] = 1u,
        });
    }

    static LlamaModel Load(Dictionary<string, object> tokenizer)
    {
        using var folder = new TemporaryFolder();
        var model = new TinyModel();
        foreach (var key in model.Metadata.Keys.Where(key => key.StartsWith("tokenizer.", StringComparison.Ordinal)).ToList()) model.Metadata.Remove(key);
        foreach (var (key, value) in tokenizer) model.Metadata[key] = value;
        model.Tensor("token_embd.weight", GgmlType.F16, TinyModel.Embedding, ((string[])tokenizer["tokenizer.ggml.tokens"]).Length);
        model.Write(folder["model.gguf"]);
        return LlamaModel.Load(LlamaLibrary.Load(null, null), folder["model.gguf"], gpuLayers: 0, null, default);
    }

    static object Value(GgufMetadata metadata, string key)
    {
        metadata.TryGetEntry(key, out var entry);
        return (entry.Type, entry.IsArray) switch
        {
            (GgufValueType.String, true) => Strings(metadata, key),
            (GgufValueType.Float32, true) => Array<float>(metadata, key),
            (GgufValueType.Int32, true) => Array<int>(metadata, key),
            (GgufValueType.String, false) => metadata.GetRequired<string>(key),
            (GgufValueType.UInt32, false) => metadata.GetRequired<uint>(key),
            (GgufValueType.Bool, false) => metadata.GetRequired<bool>(key),
            _ => throw new NotSupportedException($"{key} is {entry.TypeName}."),
        };
    }

    static string[] Strings(GgufMetadata metadata, string key)
    {
        metadata.TryGetStrings(key, out var values).ShouldBeTrue();
        return values!.ToArray();
    }

    static T[] Array<T>(GgufMetadata metadata, string key) where T : unmanaged
    {
        metadata.TryGetArray<T>(key, out var values).ShouldBeTrue();
        return values!;
    }
}
