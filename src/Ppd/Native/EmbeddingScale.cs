using System.Numerics.Tensors;

namespace Ppd.Native;

/// <summary>
/// Finds out how embedding rows must be given to a model. Some graphs scale the embedding of a token but not a row of an embedding batch (Gemma: by the square
/// root of the width), some need the token's id deeper down. No table of architectures: some tokens are decoded both ways and compared.
/// </summary>
static class EmbeddingScale
{
    // of the spread of the logits; the two ways agree to the last bit where the factor is right
    const float Tolerance = 1e-3f;
    const int Probes = 3;

    /// <summary>The factor for rows of an embedding batch, or null if none makes them equal to tokens. Leaves the cache empty.</summary>
    /// <param name="context">A context with an empty cache.</param>
    /// <param name="table">The model's word embeddings.</param>
    internal static float? Find(LlamaContext context, EmbeddingTable table)
    {
        using var batch = new LlamaBatch(1, table.Width);
        var (expected, row) = (new float[Probes][], new float[Probes][]);
        for (var (probe, token) = (0, context.Model.Vocabulary.Count / 2); probe < Probes; token--)
        {
            // special and padded tokens have rows of zeros, which any factor fits
            if (token < 0) return null;
            row[probe] = new float[table.Width];
            table.ReadStored(token, row[probe]);
            if (TensorPrimitives.SumOfSquares(row[probe]) == 0) continue;
            batch.Clear();
            batch.AddToken(token, 0, [0], wantsLogits: true);
            expected[probe++] = [.. Decode(context, batch)];
        }
        foreach (var scale in new[] { 1, table.DeclaredScale, MathF.Sqrt(table.Width) })
            if (Enumerable.Range(0, Probes).All(probe => Agrees(context, batch, row[probe], scale, expected[probe]))) return scale;
        return null;
    }

    static bool Agrees(LlamaContext context, LlamaBatch batch, float[] row, float scale, float[] expected)
    {
        var scaled = new float[row.Length];
        TensorPrimitives.Multiply(row, scale, scaled);
        batch.Clear();
        batch.AddEmbedding(scaled, 0, [0], wantsLogits: true);
        var spread = TensorPrimitives.Max(expected) - TensorPrimitives.Min(expected);
        // a distance that is not a number is not below the tolerance
        return spread > 0 && Distance(Decode(context, batch), expected) <= Tolerance * spread;
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
