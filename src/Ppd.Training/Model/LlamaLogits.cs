using Ppd.Native;

namespace Ppd.Training.Model;

/// <summary>Logits as llama.cpp computes them, as exactly as it can: F32 cache, no fused attention.</summary>
static class LlamaLogits
{
    /// <summary>The logits after each token of a text, [tokens][vocabulary].</summary>
    public static float[][] Of(LlamaModel model, ReadOnlySpan<int> tokens, int threads = 1)
    {
        using var context = LlamaContext.Create(model, new ContextSettings(tokens.Length, tokens.Length, tokens.Length, 1, threads, FlashAttention: false, GgmlType.F32));
        using var batch = new LlamaBatch(tokens.Length, model.EmbeddingLength);
        for (var i = 0; i < tokens.Length; i++) batch.AddToken(tokens[i], i, [0], wantsLogits: true);
        context.Decode(batch);
        var logits = new float[tokens.Length][];
        for (var i = 0; i < tokens.Length; i++) logits[i] = context.Logits(i).ToArray();
        return logits;
    }
}
