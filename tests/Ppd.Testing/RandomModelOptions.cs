namespace Ppd.Testing;

/// <summary>Storage of the weight matrices; the numbers are ggml's. Norms are always F32.</summary>
public enum RandomWeightType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q8_0 = 8,
    Q4_K = 12,
    Q6_K = 14,
    BF16 = 30,
}

/// <summary>Shape of a random model.</summary>
public sealed record RandomModelOptions
{
    /// <summary>The same options give the same file, byte for byte.</summary>
    public int Seed { get; init; } = 1;

    /// <summary><c>llama</c>, <c>qwen2</c>, <c>qwen3</c> or <c>gpt2</c>.</summary>
    public string Architecture { get; init; } = "llama";

    public int Layers { get; init; } = 2;

    /// <summary>A multiple of <see cref="Heads"/>; heads of 64 elements are the fast case.</summary>
    public int EmbeddingLength { get; init; } = 64;

    public int Heads { get; init; } = 4;

    /// <summary>Divides <see cref="Heads"/>; fewer means grouped-query attention.</summary>
    public int KvHeads { get; init; } = 2;

    public int FeedForwardLength { get; init; } = 128;

    /// <summary>At least <see cref="RandomVocabulary.MinSize"/>.</summary>
    public int VocabularySize { get; init; } = 512;

    public int ContextLength { get; init; } = 512;

    /// <summary>Use the token embeddings as output matrix.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>Linear scaling of rotary positions; 1 is none.</summary>
    public float RopeScalingFactor { get; init; } = 1;

    public string RopeScalingType { get; init; } = "linear";

    /// <summary>Whether rotary frequencies are divided one by one, as Llama 3 does.</summary>
    public bool RopeFactors { get; init; }

    public RandomWeightType WeightType { get; init; } = RandomWeightType.F32;

    /// <summary>
    /// Packs whole rows of the given length into a type other than F32, F16 and BF16, which are packed here:
    /// (type, values, row length) → bytes.
    /// </summary>
    public Func<RandomWeightType, float[], int, byte[]>? Quantise { get; init; }

    public string? ChatTemplate { get; init; }

    /// <summary>What the file says about a begin token before every text; null: nothing, and llama.cpp's default holds.</summary>
    public bool? AddsBeginToken { get; init; }
}
