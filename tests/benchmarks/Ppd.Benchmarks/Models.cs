using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Benchmarks;

/// <summary>Generated models of realistic size, written once to the temporary folder. Random weights cost what trained ones do.</summary>
static class Models
{
    /// <summary>162 M parameters: 12 layers, width 768, 32,000 tokens, heads of 64; the m160 of the design notes.</summary>
    internal static string Large(LlamaLibrary library, RandomWeightType type) => Write(library, $"ppd-m160-{type}.gguf", new RandomModelOptions
    {
        Layers = 12, EmbeddingLength = 768, Heads = 12, KvHeads = 12, FeedForwardLength = 3072, VocabularySize = 32000, ContextLength = 2048, WeightType = type,
    });

    /// <summary>Two layers of width 64 under a vocabulary of 32,000: next to no model, so that what surrounds it shows.</summary>
    internal static string Small(LlamaLibrary library) => Write(library, "ppd-small.gguf", new RandomModelOptions { VocabularySize = 32000, ContextLength = 2048 });

    /// <summary>A chat model of 0.1 M parameters that talks nonsense in ChatML.</summary>
    internal static void WriteChatModel(string path) => RandomModel.Write(path, new RandomModelOptions
    {
        ChatTemplate = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n",
    });

    static string Write(LlamaLibrary library, string file, RandomModelOptions options)
    {
        var path = Path.Combine(Path.GetTempPath(), file);
        if (File.Exists(path)) return path;
        RandomModel.Write(path + ".part", options with { Quantise = GgmlQuantiser.Of(library.Location.GgmlBase) });
        File.Move(path + ".part", path);
        return path;
    }
}
