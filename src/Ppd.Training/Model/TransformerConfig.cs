using Ppd.Native;

namespace Ppd.Training.Model;

/// <summary>Shape and constants of a decoder-only transformer.</summary>
/// <param name="Architecture"><c>llama</c>, <c>qwen2</c>, <c>qwen3</c> or <c>gpt2</c>.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Width">Elements of an embedding.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads; divides <paramref name="Heads"/>.</param>
/// <param name="HeadWidth">Elements of a head.</param>
/// <param name="FeedForward">Elements inside the feed-forward part.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="ContextLength">Positions.</param>
/// <param name="NormEpsilon">Added to the mean square, or to the variance.</param>
/// <param name="RopeBase">Base of the rotary frequencies; unused with learned positions.</param>
/// <param name="RopeScale">Multiplies positions: 1 / linear scaling factor.</param>
sealed record TransformerConfig(
    string Architecture, int Layers, int Width, int Heads, int KeyValueHeads, int HeadWidth, int FeedForward, int Vocabulary, int ContextLength,
    float NormEpsilon, float RopeBase = 10000, float RopeScale = 1)
{
    static readonly string[] Architectures = ["llama", "qwen2", "qwen3", "gpt2"];

    /// <summary>Learned positions, layer norm and GELU instead of rotary positions, RMS norm and SwiGLU.</summary>
    public bool IsGpt2 => Architecture == "gpt2";

    /// <summary>Rotary pairs are neighbouring elements (llama) instead of the two halves of a head (qwen).</summary>
    public bool InterleavedRope => Architecture == "llama";

    /// <summary>Reads and checks what the trainer needs; tensors are not touched.</summary>
    /// <exception cref="PpdModelLoadException">The file is not a model llama.cpp runs, or not one the trainer computes; the message says why.</exception>
    public static TransformerConfig From(GgufFile file)
    {
        var architecture = file.Metadata.GetRequired<string>("general.architecture");
        if (!Architectures.Contains(architecture))
            throw Refuse(file, $"has architecture '{architecture}'; the trainer computes {string.Join(", ", Architectures)}");
        var info = GgufModelCheck.Check(file);
        if (info.ExpertCount > 0) throw Refuse(file, $"has {info.ExpertCount} experts; the trainer computes dense models");
        if (info.SlidingWindow is { } window) throw Refuse(file, $"attends to a window of {window} tokens; the trainer computes full attention");
        var metadata = file.Metadata;
        if (metadata.TryGet<string>(Key("rope.scaling.type"), out var scaling) && scaling is not ("none" or "linear"))
            throw Refuse(file, $"scales rotary positions by '{scaling}'; the trainer computes linear scaling and Llama 3's factors");
        if (metadata.GetOrDefault(Key("attention.scale"), 0f) != 0) throw Refuse(file, "scales attention by a constant of its own");
        var factor = metadata.GetOrDefault(Key("rope.scaling.factor"), metadata.GetOrDefault(Key("rope.scale_linear"), 0f));
        return new TransformerConfig(architecture, info.BlockCount, info.EmbeddingLength, info.HeadCount, info.HeadCountKv, info.HeadLength,
            (int)metadata.GetRequired<uint>(Key("feed_forward_length")), info.VocabularySize, info.ContextLength,
            metadata.GetRequired<float>(Key(architecture == "gpt2" ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon")),
            metadata.GetOrDefault(Key("rope.freq_base"), 10000f), factor == 0 || scaling == "none" ? 1 : 1 / factor);

        string Key(string name) => $"{architecture}.{name}";
    }

    internal static PpdModelLoadException Refuse(GgufFile file, string reason) => new($"Prompt tokens cannot be trained for '{file.Path}': the model {reason}.");
}
