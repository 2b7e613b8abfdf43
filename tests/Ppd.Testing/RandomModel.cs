using Ppd.Native;

namespace Ppd.Testing;

/// <summary>
/// Writes a model with random weights, scaled so that its logits have a standard deviation of about 3 and depend on the
/// context: a stand-in for a trained model wherever only correctness and speed count.
/// </summary>
public static class RandomModel
{
    const float LogitDeviation = 3;
    const float AttentionSharpness = 1.5f; // of query and key weights; makes some positions matter more than others

    public static void Write(string path, RandomModelOptions options)
    {
        if (options.EmbeddingLength % options.Heads != 0 || options.Heads % options.KvHeads != 0)
            throw new ArgumentException($"Heads must divide the embedding length, and KV heads the heads: {options}.", nameof(options));
        var writer = new GgufWriter();
        AddMetadata(writer, options);
        AddTensors(writer, options, new RandomWeights(options));
        writer.Write(path);
    }

    static void AddMetadata(GgufWriter writer, RandomModelOptions options)
    {
        var vocabulary = new RandomVocabulary(options.VocabularySize, options.Seed);
        var name = options.Architecture;
        writer.Add("general.architecture", name)
            .Add("general.name", $"random-{options.Layers}x{options.EmbeddingLength}-{options.Seed}")
            .Add($"{name}.context_length", (uint)options.ContextLength)
            .Add($"{name}.embedding_length", (uint)options.EmbeddingLength)
            .Add($"{name}.block_count", (uint)options.Layers)
            .Add($"{name}.feed_forward_length", (uint)options.FeedForwardLength)
            .Add($"{name}.attention.head_count", (uint)options.Heads)
            .Add($"{name}.attention.head_count_kv", (uint)options.KvHeads);
        if (name == "gpt2") writer.Add("gpt2.attention.layer_norm_epsilon", 1e-5f);
        else
        {
            writer.Add($"{name}.attention.layer_norm_rms_epsilon", 1e-5f)
                .Add($"{name}.rope.dimension_count", (uint)(options.EmbeddingLength / options.Heads))
                .Add($"{name}.rope.freq_base", 10000f);
        }
        if (options.RopeScalingFactor != 1)
            writer.Add($"{name}.rope.scaling.type", options.RopeScalingType).Add($"{name}.rope.scaling.factor", options.RopeScalingFactor);
        writer.Add($"{name}.vocab_size", (uint)options.VocabularySize)
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.tokens", vocabulary.Tokens)
            .Add("tokenizer.ggml.scores", vocabulary.Scores)
            .Add("tokenizer.ggml.token_type", vocabulary.Types)
            .Add("tokenizer.ggml.bos_token_id", (uint)RandomVocabulary.BeginId)
            .Add("tokenizer.ggml.eos_token_id", (uint)RandomVocabulary.EndId)
            .Add("tokenizer.ggml.eot_token_id", (uint)RandomVocabulary.MessageEndId)
            .Add("tokenizer.ggml.unknown_token_id", (uint)RandomVocabulary.UnknownId);
        if (options.ChatTemplate is not null)
            writer.Add("tokenizer.chat_template", options.ChatTemplate);
        if (options.AddsBeginToken is { } adds)
            writer.Add("tokenizer.ggml.add_bos_token", adds);
    }

    static void AddTensors(GgufWriter writer, RandomModelOptions options, RandomWeights weights)
    {
        int embedding = options.EmbeddingLength;
        int kv = embedding / options.Heads * options.KvHeads;
        float output = LogitDeviation / MathF.Sqrt(embedding); // a normalised row has unit elements

        void Matrix(string name, int rowLength, int rows, float deviation) => writer.AddTensor(
            name, (GgmlType)options.WeightType, [rowLength, rows], stream => weights.WriteMatrix(stream, name, rowLength, rows, deviation));

        void Norm(string name) => writer.AddTensor(
            name, GgmlType.F32, [embedding], stream => weights.WriteNorm(stream, name, embedding));

        // Keeps the variance of a normalised row.
        static float Neutral(int rowLength) => 1 / MathF.Sqrt(rowLength);

        void Bias(string name, int length) => writer.AddTensor(
            name, GgmlType.F32, [length], stream => weights.WriteBias(stream, name, length));

        var gpt2 = options.Architecture == "gpt2";
        void LayerNorm(string name)
        {
            Norm(name + ".weight");
            if (gpt2) Bias(name + ".bias", embedding);
        }

        void Linear(string name, int rowLength, int rows, float deviation, bool bias)
        {
            Matrix(name + ".weight", rowLength, rows, deviation);
            if (bias) Bias(name + ".bias", rows);
        }

        Matrix("token_embd.weight", embedding, options.VocabularySize, options.TiedOutput ? output : 1);
        if (gpt2) Matrix("position_embd.weight", embedding, options.ContextLength, options.TiedOutput ? output : 1);
        LayerNorm("output_norm");
        if (!options.TiedOutput)
            Matrix("output.weight", embedding, options.VocabularySize, output);
        if (options.RopeFactors)
            writer.AddTensor("rope_freqs.weight", GgmlType.F32, [embedding / options.Heads / 2], stream => weights.WriteNorm(stream, "rope_freqs", embedding / options.Heads / 2, mean: 4));
        for (int block = 0; block < options.Layers; block++)
        {
            string prefix = $"blk.{block}.";
            LayerNorm(prefix + "attn_norm");
            if (gpt2)
                Linear(prefix + "attn_qkv", embedding, embedding + 2 * kv, AttentionSharpness * Neutral(embedding), bias: true);
            else
            {
                var bias = options.Architecture == "qwen2";
                Linear(prefix + "attn_q", embedding, embedding, AttentionSharpness * Neutral(embedding), bias);
                Linear(prefix + "attn_k", embedding, kv, AttentionSharpness * Neutral(embedding), bias);
                Linear(prefix + "attn_v", embedding, kv, Neutral(embedding), bias);
            }
            if (options.Architecture == "qwen3")
            {
                var head = embedding / options.Heads;
                foreach (var name in new[] { "attn_q_norm.weight", "attn_k_norm.weight" })
                    writer.AddTensor(prefix + name, GgmlType.F32, [head], stream => weights.WriteNorm(stream, prefix + name, head));
            }
            Linear(prefix + "attn_output", embedding, embedding, Neutral(embedding), gpt2);
            LayerNorm(prefix + "ffn_norm");
            if (!gpt2) Matrix(prefix + "ffn_gate.weight", embedding, options.FeedForwardLength, Neutral(embedding));
            Linear(prefix + "ffn_up", embedding, options.FeedForwardLength, Neutral(embedding), gpt2);
            Linear(prefix + "ffn_down", options.FeedForwardLength, embedding, Neutral(options.FeedForwardLength), gpt2);
        }
    }
}
