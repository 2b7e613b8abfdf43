using System.Numerics.Tensors;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>Prompt tokens as rows of an embedding batch, beside the words they hang under. Used by the engine's loop only.</summary>
sealed class PromptTokenRows : IDisposable
{
    readonly PromptTokens _tokens;
    readonly float[] _word;         // [width] stored row of the token a chain hangs under
    readonly float[] _projection;   // [rank] Down · emb(x)

    /// <param name="tokens">The prompt tokens of this model.</param>
    /// <param name="words">The model's word embeddings, with the scale found; owned from here on.</param>
    internal PromptTokenRows(PromptTokens tokens, EmbeddingTable words)
    {
        _tokens = tokens;
        Words = words;
        _word = new float[words.Width];
        _projection = new float[tokens.Conditional?.Rank ?? 0];
    }

    /// <summary>The model's word embeddings.</summary>
    internal EmbeddingTable Words { get; }

    /// <summary>Rows per prompt token.</summary>
    internal int Ensemble => _tokens.Ensemble;

    /// <summary>The prompt tokens.</summary>
    internal PromptTokens Tokens => _tokens;

    /// <summary>Why the engine cannot decode such prompt tokens, or null if it can.</summary>
    internal static string? Obstacle(PromptTokens tokens) => Obstacle(tokens.Mask, tokens.Count, tokens.Ensemble);

    /// <summary>As above, before there are any.</summary>
    internal static string? Obstacle(PromptTokenMask mask, int count, int ensemble) => mask switch
    {
        // Rows at one position under one sequence id see each other, both ways: siblings that see earlier ones only, and chains with a gap, cannot be written down.
        PromptTokenMask.Decoder when ensemble > 1 => Inexpressible(mask, count, ensemble),
        PromptTokenMask.Encoder when count > 1 || ensemble > 1 => Inexpressible(mask, count, ensemble),
        _ => null,
    };

    static string Inexpressible(PromptTokenMask mask, int count, int ensemble) =>
        $"llama.cpp's sequence ids cannot express the mask rule '{PromptTokenFile.MaskName(mask)}' for {count} x {ensemble} rows; train with '{PromptTokenFile.MaskName(PromptTokenMask.Ensemble)}'";

    /// <summary>As above, for an engine of this size.</summary>
    internal static string? Obstacle(PromptTokens tokens, EngineSettings settings) =>
        Math.Min(settings.PathsPerSlot, EngineSettings.TreeRows - 1) is var most && tokens.Ensemble > most
            ? $"an ensemble of {tokens.Ensemble} rows needs as many sequence ids; with {settings.Slots} slots there are {most} for a request. Use fewer slots"
            : Obstacle(tokens);

    /// <summary>Row of ensemble member <paramref name="j"/> of prompt token <paramref name="i"/> under the token <paramref name="parent"/>, [width].</summary>
    internal void Read(int i, int j, int parent, Span<float> row)
    {
        _tokens.Row(i, j).CopyTo(row);
        // s_ij + Up_i · (Down · emb(x)), algorithm.md 9 I
        if (_tokens.Conditional is { } conditional)
        {
            Words.ReadStored(parent, _word);
            var (rank, width) = (conditional.Rank, row.Length);
            for (var r = 0; r < rank; r++) _projection[r] = TensorPrimitives.Dot(conditional.Down.AsSpan(r * width, width), _word);
            for (var d = 0; d < width; d++) row[d] += TensorPrimitives.Dot(conditional.Up.AsSpan((i * width + d) * rank, rank), _projection);
        }
        if (Words.Scale != 1) TensorPrimitives.Multiply(row, Words.Scale, row);
    }

    /// <inheritdoc/>
    public void Dispose() => Words.Dispose();
}
