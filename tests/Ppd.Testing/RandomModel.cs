using Ppd.Native;

namespace Ppd.Testing;

/// <summary>
/// Writes a llama model with random weights, scaled so that its logits have a standard deviation of about 3 and depend on the
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
        writer.Add("general.architecture", "llama")
            .Add("general.name", $"random-{options.Layers}x{options.EmbeddingLength}-{options.Seed}")
            .Add("llama.context_length", (uint)options.ContextLength)
            .Add("llama.embedding_length", (uint)options.EmbeddingLength)
            .Add("llama.block_count", (uint)options.Layers)
            .Add("llama.feed_forward_length", (uint)options.FeedForwardLength)
            .Add("llama.attention.head_count", (uint)options.Heads)
            .Add("llama.attention.head_count_kv", (uint)options.KvHeads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Add("llama.rope.dimension_count", (uint)(options.EmbeddingLength / options.Heads))
            .Add("llama.rope.freq_base", 10000f)
            .Add("llama.vocab_size", (uint)options.VocabularySize)
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

        Matrix("token_embd.weight", embedding, options.VocabularySize, options.TiedOutput ? output : 1);
        Norm("output_norm.weight");
        if (!options.TiedOutput)
            Matrix("output.weight", embedding, options.VocabularySize, output);
        for (int block = 0; block < options.Layers; block++)
        {
            string prefix = $"blk.{block}.";
            Norm(prefix + "attn_norm.weight");
            Matrix(prefix + "attn_q.weight", embedding, embedding, AttentionSharpness * Neutral(embedding));
            Matrix(prefix + "attn_k.weight", embedding, kv, AttentionSharpness * Neutral(embedding));
            Matrix(prefix + "attn_v.weight", embedding, kv, Neutral(embedding));
            Matrix(prefix + "attn_output.weight", embedding, embedding, Neutral(embedding));
            Norm(prefix + "ffn_norm.weight");
            Matrix(prefix + "ffn_gate.weight", embedding, options.FeedForwardLength, Neutral(embedding));
            Matrix(prefix + "ffn_up.weight", embedding, options.FeedForwardLength, Neutral(embedding));
            Matrix(prefix + "ffn_down.weight", options.FeedForwardLength, embedding, Neutral(options.FeedForwardLength));
        }
    }
}
