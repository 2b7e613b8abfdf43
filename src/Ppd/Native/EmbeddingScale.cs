using System.Numerics.Tensors;

namespace Ppd.Native;

/// <summary>
/// Finds out how embedding rows must be given to a model. Some graphs scale the embedding of a token but not a row of an embedding batch (Gemma: by the square
/// root of the width), some need the token's id deeper down. No table of architectures: one token is decoded both ways and compared.
/// </summary>
static class EmbeddingScale
{
    // of the spread of the logits; the two ways agree to the last bit where the factor is right
    const float Tolerance = 1e-3f;

    /// <summary>The factor for rows of an embedding batch, or null if none makes them equal to tokens. Leaves the cache empty.</summary>
    /// <param name="context">A context with an empty cache.</param>
    /// <param name="table">The model's word embeddings.</param>
    internal static float? Find(LlamaContext context, EmbeddingTable table)
    {
        using var batch = new LlamaBatch(1, table.Width);
        // an ordinary token: special ones may have rows of zeros
        var token = context.Model.Vocabulary.Count / 2;
        batch.AddToken(token, 0, [0], wantsLogits: true);
        float[] expected = [.. Decode(context, batch)];
        var tolerance = Tolerance * (TensorPrimitives.Max(expected) - TensorPrimitives.Min(expected));
        var row = new float[table.Width];
        foreach (var scale in new[] { 1, table.DeclaredScale, MathF.Sqrt(table.Width) })
        {
            table.ReadStored(token, row);
            TensorPrimitives.Multiply(row, scale, row);
            batch.Clear();
            batch.AddEmbedding(row, 0, [0], wantsLogits: true);
            // a distance that is not a number is not below the tolerance
            if (Distance(Decode(context, batch), expected) <= tolerance) return scale;
        }
        return null;
    }

    static ReadOnlySpan<float> Decode(LlamaContext context, LlamaBatch batch)
    {
        context.ClearCells();
        context.Decode(batch);
        var logits = context.Logits(0);
        context.ClearCells();
        return logits;
    }

    static float Distance(ReadOnlySpan<float> logits, ReadOnlySpan<float> expected)
    {
        var difference = new float[expected.Length];
        TensorPrimitives.Subtract(logits, expected, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude(difference));
    }
}
