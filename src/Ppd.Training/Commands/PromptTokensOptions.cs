using Ppd.Training.Prompts;

namespace Ppd.Training.Commands;

/// <summary>Arguments of <c>ppd-train prompt-tokens</c>.</summary>
sealed record PromptTokensOptions
{
    public required string Model { get; init; }

    public required string Out { get; init; }

    public required PromptTrainingOptions Training { get; init; }

    /// <summary>The user's text; null lets the model write.</summary>
    public string? Text { get; init; }

    /// <summary>How much the model writes.</summary>
    public int Tokens { get; init; }

    public int? Steps { get; init; }

    public double Minutes { get; init; }

    public bool Resume { get; init; }

    public int Threads { get; init; }

    public bool Cuda { get; init; }

    public string? Runtime { get; init; }

    public string TextFile => Out + ".text";

    public string CheckpointFile => Out + ".checkpoint";
}
