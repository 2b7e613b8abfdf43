using System.Globalization;
using Ppd.Drafting;

namespace Ppd.Training.Prompts;

/// <summary>What is trained and how. Two runs with equal options, text and model give the same result.</summary>
sealed record PromptTrainingOptions
{
    /// <summary>Prompt tokens: guesses per chain.</summary>
    public int Count { get; init; } = 3;

    /// <summary>Rows per prompt token.</summary>
    public int Ensemble { get; init; } = 1;

    public PromptTokenMask Mask { get; init; } = PromptTokenMask.Ensemble;

    public PromptInit Init { get; init; } = PromptInit.Random;

    /// <summary>Of the part that depends on the token before the chain; 0 without.</summary>
    public int Rank { get; init; }

    public PromptLossKind Loss { get; init; } = PromptLossKind.Kl;

    /// <summary>At the start; falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Tokens of a text row.</summary>
    public required int Length { get; init; }

    /// <summary>Text rows per step.</summary>
    public int BatchRows { get; init; } = 4;

    /// <summary>Chains per text row.</summary>
    public int Points { get; init; } = 32;

    public int Seed { get; init; } = 1;

    /// <summary>Evaluations without a better result before training ends; 0 never.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Runs with different keys cannot continue each other.</summary>
    public string Key(string text) => string.Create(CultureInfo.InvariantCulture,
        $"{Count} {Ensemble} {Mask} {Init} {Rank} {Loss} {LearningRate} {Length} {BatchRows} {Points} {Seed} {Patience} {text}");
}
