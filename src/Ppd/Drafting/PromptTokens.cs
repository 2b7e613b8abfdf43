using System.Collections.ObjectModel;

namespace Ppd.Drafting;

/// <summary>
/// Trained embedding rows that stand in for tokens not known yet. Behind a token at position p, prompt token i (0-based) sits at position p + 1 + i, and the
/// mean of its members' logits guesses the token at position p + 2 + i: the guess at distance i + 1.
/// </summary>
sealed record PromptTokens
{
    /// <summary>Largest <see cref="Count"/>: deeper guesses are right too seldom to pay for their rows.</summary>
    public const int MaxCount = 16;

    /// <summary>Largest <see cref="Ensemble"/>; the publication tries up to 100.</summary>
    public const int MaxEnsemble = 128;

    /// <summary>Largest <see cref="Count"/> × <see cref="Ensemble"/>.</summary>
    public const int MaxRows = 512;

    /// <summary>Largest <see cref="Width"/>, as for models.</summary>
    public const int MaxWidth = 1 << 20;

    /// <summary>Prompt tokens in the chain: the largest distance that is guessed.</summary>
    public required int Count { get; init; }

    /// <summary>Rows per prompt token, whose logits are averaged.</summary>
    public required int Ensemble { get; init; }

    /// <summary>[count, ensemble, width] on the scale of the model's own token_embd rows, before any factor its graph applies to them.</summary>
    public required float[] Rows { get; init; }

    public required PromptTokenMask Mask { get; init; }

    public required BaseModel Model { get; init; }

    /// <summary>Absent where the rows are the same under every token.</summary>
    public LowRank? Conditional { get; init; }

    /// <summary>[count][ranks] how often the guess of that rank (0 is the likeliest) at that distance came true on held-out text.</summary>
    public float[][]? Accuracy { get; init; }

    /// <summary>[count] one curve per distance.</summary>
    public CalibrationCurve[]? Calibration { get; init; }

    /// <summary>How the rows came about: data, steps, losses, tool version. For people; nothing depends on it.</summary>
    public IReadOnlyDictionary<string, string> Training { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Elements of a row.</summary>
    public int Width => Model.Width;

    public string Fingerprint => Model.Fingerprint;

    /// <summary>Ensemble member <paramref name="j"/> of prompt token <paramref name="i"/>, both counted from 0.</summary>
    public ReadOnlySpan<float> Row(int i, int j)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Count, nameof(i));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)j, (uint)Ensemble, nameof(j));
        return Rows.AsSpan((i * Ensemble + j) * Width, Width);
    }

    /// <summary>
    /// The best estimate there is, before anything was observed on this machine, that a guess comes true: the calibration's, else the accuracy table's,
    /// else what the model says itself.
    /// </summary>
    /// <param name="distance">1 to <see cref="Count"/>; prompt token i guesses at distance i + 1.</param>
    /// <param name="rank">Place of the guess among those of its prompt token, from 0.</param>
    /// <param name="softmaxProbability">What the prompt token's logits give the guess.</param>
    public float Probability(int distance, int rank, float softmaxProbability)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        if (Calibration is not null)
            return Calibration[distance - 1][softmaxProbability];
        if (Accuracy is null)
            return softmaxProbability;
        float[] ranks = Accuracy[distance - 1];
        // Beyond the table: no likelier than the last rank in it.
        return rank < ranks.Length ? ranks[rank] : Math.Min(softmaxProbability, ranks[^1]);
    }

    /// <summary>[count] how often the best guess of a prompt token and of those before it are all right, by the accuracy table; 1 where there is none.</summary>
    public float[] HitRates()
    {
        var rates = new float[Count];
        for (var (i, rate) = (0, 1f); i < Count; i++) rates[i] = rate *= Accuracy?[i][0] ?? 1;
        return rates;
    }

    /// <exception cref="PpdPromptTokenFileException">These prompt tokens belong to another model; the message names both.</exception>
    public void RequireModel(BaseModel model, string path)
    {
        if (Fingerprint != model.Fingerprint)
        {
            throw new PpdPromptTokenFileException(
                $"'{path}' was trained for {Model}; the model at hand is {model}. Prompt tokens fit the model they were trained for, in any quantisation, and no other. " +
                "Use the file of this model, train one with `ppd-train prompt-tokens`, or load the model without prompt tokens.");
        }
        if (Width != model.Width)
        {
            throw new PpdPromptTokenFileException(
                $"The rows of '{path}' have {Width} elements; its model {model} needs {model.Width}. The file is damaged or was edited; get it again, or train one with `ppd-train prompt-tokens`.");
        }
    }
}
