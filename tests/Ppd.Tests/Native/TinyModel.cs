using System.Globalization;
using Ppd.Native;

namespace Ppd.Tests.Native;

/// <summary>The smallest model that passes the check, as parts that a test changes before writing.</summary>
sealed class TinyModel
{
    public const int Embedding = 32;
    public const int Vocabulary = 260;

    public TinyModel(string architecture = "llama")
    {
        Architecture = architecture;
        Metadata = new()
        {
            ["general.architecture"] = architecture,
            [$"{architecture}.context_length"] = 64u,
            [$"{architecture}.embedding_length"] = (uint)Embedding,
            [$"{architecture}.block_count"] = 2u,
            [$"{architecture}.feed_forward_length"] = 64u,
            [$"{architecture}.attention.head_count"] = 4u,
            [$"{architecture}.attention.head_count_kv"] = 2u,
            [$"{architecture}.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.tokens"] = Tokens(),
            ["tokenizer.ggml.scores"] = new float[Vocabulary],
            ["tokenizer.ggml.token_type"] = new int[Vocabulary],
            ["tokenizer.ggml.bos_token_id"] = 1u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
        };
        Tensor("token_embd.weight", GgmlType.F32, Embedding, Vocabulary);
        Tensor("output_norm.weight", GgmlType.F32, Embedding);
        foreach (int block in new[] { 0, 1 })
        {
            Tensor($"blk.{block}.attn_norm.weight", GgmlType.F32, Embedding);
            Tensor($"blk.{block}.attn_q.weight", GgmlType.F32, Embedding, Embedding);
            Tensor($"blk.{block}.attn_k.weight", GgmlType.F32, Embedding, Embedding / 2);
            Tensor($"blk.{block}.attn_v.weight", GgmlType.F32, Embedding, Embedding / 2);
            Tensor($"blk.{block}.attn_output.weight", GgmlType.F32, Embedding, Embedding);
            Tensor($"blk.{block}.ffn_norm.weight", GgmlType.F32, Embedding);
            Tensor($"blk.{block}.ffn_gate.weight", GgmlType.F32, Embedding, 64);
            Tensor($"blk.{block}.ffn_up.weight", GgmlType.F32, Embedding, 64);
            Tensor($"blk.{block}.ffn_down.weight", GgmlType.F32, 64, Embedding);
        }
    }

    public string Architecture { get; }

    public Dictionary<string, object> Metadata { get; }

    public Dictionary<string, (GgmlType Type, long[] Dimensions)> Tensors { get; } = [];

    /// <summary>Sets a hyperparameter, or removes it with null.</summary>
    public TinyModel With(string name, object? value) => WithKey($"{Architecture}.{name}", value);

    public TinyModel WithKey(string key, object? value)
    {
        if (value is null)
            Metadata.Remove(key);
        else
            Metadata[key] = value;
        return this;
    }

    public TinyModel Tensor(string name, GgmlType type, params long[] dimensions)
    {
        Tensors[name] = (type, dimensions);
        return this;
    }

    /// <summary>Gives a token another text.</summary>
    public TinyModel Rename(int id, string text)
    {
        ((string[])Metadata["tokenizer.ggml.tokens"])[id] = text;
        return this;
    }

    public TinyModel Without(string tensor)
    {
        if (!Tensors.Remove(tensor))
            throw new ArgumentException($"There is no tensor '{tensor}' to leave out.");
        return this;
    }

    public void Write(string path)
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in Metadata)
            writer.Add(key, value);
        foreach (var (name, (type, dimensions)) in Tensors)
        {
            long rows = dimensions.Skip(1).Aggregate(1L, (product, length) => product * length);
            writer.AddTensor(name, type, dimensions, stream => stream.Write(new byte[type.RowBytes(dimensions[0]) * rows]));
        }
        writer.Write(path);
    }

    public static string[] Tokens() =>
        ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(value => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")), "▁"];
}
