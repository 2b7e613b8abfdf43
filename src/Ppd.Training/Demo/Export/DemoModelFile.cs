using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ppd.Native;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Demo.Training;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Export;

/// <summary>Writes the demo model as a GGUF file: matrices in Q8_0, which is half of F16 in size and on a CPU faster with few rows, norms in F32, tokeniser and chat template inside.</summary>
static class DemoModelFile
{
    public static void Write(string path, TransformerConfig config, DemoVocabulary vocabulary, IReadOnlyDictionary<string, Tensor> weights)
    {
        var writer = new GgufWriter();
        AddConfig(writer, config);
        AddVocabulary(writer, vocabulary);
        // no output.weight: the token table serves both ends
        foreach (var (name, weight) in weights.Where(entry => entry.Key != DemoModel.PromptTokenName))
        {
            var isMatrix = weight.dim() == 2;
            writer.AddTensor(name, isMatrix ? GgmlType.Q8_0 : GgmlType.F32, [.. weight.shape.Reverse()], stream => stream.Write(isMatrix ? Pack(Floats(weight)) : MemoryMarshal.AsBytes<float>(Floats(weight))));
        }
        writer.Write(path);
    }

    static void AddConfig(GgufWriter writer, TransformerConfig config) => writer
        .Add("general.architecture", config.Architecture)
        .Add("general.name", "ppd-demo")
        .Add("general.license", "mit")
        .Add("general.file_type", 7u)   // mostly Q8_0
        .Add("llama.context_length", (uint)config.ContextLength)
        .Add("llama.embedding_length", (uint)config.Width)
        .Add("llama.block_count", (uint)config.Layers)
        .Add("llama.feed_forward_length", (uint)config.FeedForward)
        .Add("llama.attention.head_count", (uint)config.Heads)
        .Add("llama.attention.head_count_kv", (uint)config.KeyValueHeads)
        .Add("llama.attention.layer_norm_rms_epsilon", config.NormEpsilon)
        .Add("llama.rope.dimension_count", (uint)config.HeadWidth)
        .Add("llama.rope.freq_base", config.RopeBase)
        .Add("llama.vocab_size", (uint)config.Vocabulary);

    static void AddVocabulary(GgufWriter writer, DemoVocabulary vocabulary) => writer
        .Add("tokenizer.ggml.model", "gpt2")
        .Add("tokenizer.ggml.pre", "qwen2")
        .Add("tokenizer.ggml.tokens", vocabulary.Tokens.ToArray())
        .Add("tokenizer.ggml.token_type", vocabulary.Types)
        .Add("tokenizer.ggml.merges", vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray())
        .Add("tokenizer.ggml.bos_token_id", (uint)vocabulary[DemoVocabulary.TextEnd])
        .Add("tokenizer.ggml.eos_token_id", (uint)vocabulary[DemoVocabulary.TurnEnd])
        .Add("tokenizer.ggml.eot_token_id", (uint)vocabulary[DemoVocabulary.TurnEnd])
        .Add("tokenizer.ggml.padding_token_id", (uint)vocabulary[DemoVocabulary.TextEnd])
        .Add("tokenizer.ggml.add_bos_token", false)
        .Add("tokenizer.chat_template", DemoTemplate.Source);

    static float[] Floats(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return weight.detach().cpu().contiguous().data<float>().ToArray();
    }

    // ggml's block_q8_0: a half-precision scale and 32 signed bytes; rows are multiples of 32
    static byte[] Pack(float[] values)
    {
        const int Block = 32, BlockBytes = 2 + Block;
        var packed = new byte[values.Length / Block * BlockBytes];
        for (var block = 0; block < values.Length / Block; block++)
        {
            var from = values.AsSpan(block * Block, Block);
            var to = packed.AsSpan(block * BlockBytes, BlockBytes);
            var scale = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(from)) / sbyte.MaxValue;
            BinaryPrimitives.WriteHalfLittleEndian(to, (Half)scale);
            for (var i = 0; i < Block; i++) to[2 + i] = (byte)(sbyte)(scale == 0 ? 0 : MathF.Round(from[i] / scale));
        }
        return packed;
    }
}
