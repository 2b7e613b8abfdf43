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

    /// <summary>A byte-pair tokeniser that knows single bytes only, with a named splitter (<c>tokenizer.ggml.pre</c>).</summary>
    internal static LlamaModel OfBytes(string splitter) => Load(Bytes(splitter));

    /// <summary>Such a model as a file. All its logits are 0, so its greedy reply is "!" without end.</summary>
    internal static void WriteEndless(string path, int contextLength) => Write(path, Bytes("gpt-2"), contextLength);

    static Dictionary<string, object> Bytes(string splitter)
    {
        // printable bytes stand for themselves, the others for characters from U+0100 on: the byte alphabet of GPT-2
        List<string> tokens = [];
        for (var (value, next) = (0, 256); value < 256; value++)
            tokens.Add(((char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++)).ToString());
        tokens.Add("<end>");
        return new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = splitter,
            ["tokenizer.ggml.tokens"] = tokens.ToArray(),
            ["tokenizer.ggml.token_type"] = Enumerable.Repeat(1, 256).Append(3).ToArray(),
            ["tokenizer.ggml.merges"] = new[] { "a b" },
            ["tokenizer.ggml.bos_token_id"] = 256u,
            ["tokenizer.ggml.eos_token_id"] = 256u,
        };
    }

    static LlamaModel Load(Dictionary<string, object> tokenizer)
    {
        using var folder = new TemporaryFolder();
        Write(folder["model.gguf"], tokenizer, 64);
        return LlamaModel.Load(LlamaLibrary.Load(null, null), folder["model.gguf"], gpuLayers: 0, null, default);
    }

    static void Write(string path, Dictionary<string, object> tokenizer, int contextLength)
    {
        var model = new TinyModel().With("context_length", (uint)contextLength);
        foreach (var key in model.Metadata.Keys.Where(key => key.StartsWith("tokenizer.", StringComparison.Ordinal)).ToList()) model.Metadata.Remove(key);
        foreach (var (key, value) in tokenizer) model.Metadata[key] = value;
        model.Tensor("token_embd.weight", GgmlType.F16, TinyModel.Embedding, ((string[])tokenizer["tokenizer.ggml.tokens"]).Length);
        model.Write(path);
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
