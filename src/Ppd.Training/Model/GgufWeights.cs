using System.Runtime.InteropServices;
using Ppd.Native;
using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>Loads the weights of a GGUF file as F32 tensors under their GGUF names, whatever type they are stored in.</summary>
static class GgufWeights
{
    const int ChunkBytes = 1 << 30;     // a span of native memory holds at most 2 GB

    /// <summary>Bytes of the loaded weights.</summary>
    public static long Bytes(GgufFile file) => file.Tensors.Values.Sum(tensor => tensor.ElementCount) * sizeof(float);

    /// <exception cref="PpdModelLoadException">The file has a tensor that <see cref="Transformer"/> does not compute with, or lacks one.</exception>
    public static Transformer Load(GgufFile file, LlamaLibrary library, Device device)
    {
        var config = TransformerConfig.From(file);
        RequireKnownTensors(file, config);
        Dictionary<string, Tensor> weights = [];
        foreach (var tensor in file.Tensors.Values) weights.Add(tensor.Name, Read(file, tensor, library).to(device));
        return new Transformer(config, weights);
    }

    static Tensor Read(GgufFile file, GgufTensor tensor, LlamaLibrary library)
    {
        var dequantizer = new RowDequantizer(library, tensor.Type);
        // GGUF counts dimensions from the innermost: reversed, a matrix is [out, in]
        var shape = tensor.Dimensions.Reverse().ToArray();
        var values = empty(tensor.RowCount, tensor.RowLength).DetachFromDisposeScope();
        var chunkRows = Math.Max(1, ChunkBytes / (tensor.RowLength * sizeof(float)));
        for (long start = 0; start < tensor.RowCount; start += chunkRows)
        {
            var rows = Math.Min(chunkRows, tensor.RowCount - start);
            using var chunk = values.narrow(0, start, rows);
            var floats = MemoryMarshal.Cast<byte, float>(chunk.bytes);
            for (long row = 0; row < rows; row++)
                dequantizer.Convert(file.Row(tensor, start + row), floats.Slice((int)(row * tensor.RowLength), (int)tensor.RowLength));
        }
        using (values) return values.reshape(shape).DetachFromDisposeScope();
    }

    static void RequireKnownTensors(GgufFile file, TransformerConfig config)
    {
        var blocks = new List<string> { "attn_norm", "ffn_norm", "attn_output", "ffn_up", "ffn_down" };
        if (!config.IsGpt2) blocks.Add("ffn_gate");
        if (config.Architecture == "qwen3") blocks.AddRange(["attn_q_norm", "attn_k_norm"]);
        List<string> required = ["token_embd.weight", "output_norm.weight"];
        if (config.IsGpt2) required.AddRange(["position_embd.weight", "output_norm.bias"]);
        HashSet<string> known = [.. required, "output.weight", "rope_freqs.weight"];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var prefix = $"blk.{layer}.";
            string[] projections = file.Tensors.ContainsKey(prefix + "attn_qkv.weight") ? ["attn_qkv"] : ["attn_q", "attn_k", "attn_v"];
            foreach (var name in blocks.Concat(projections))
            {
                required.Add($"{prefix}{name}.weight");
                known.Add($"{prefix}{name}.weight");
                known.Add($"{prefix}{name}.bias");
            }
            if (config.IsGpt2) required.AddRange([$"{prefix}attn_norm.bias", $"{prefix}ffn_norm.bias"]);
        }
        if (required.Find(name => !file.Tensors.ContainsKey(name)) is { } missing) throw TransformerConfig.Refuse(file, $"lacks tensor '{missing}'");
        if (file.Tensors.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw TransformerConfig.Refuse(file, $"has tensor '{unknown}', which the trainer's {config.Architecture} does not use");
    }
}
