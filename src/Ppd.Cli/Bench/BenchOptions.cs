using Ppd.Decoding;

namespace Ppd.Cli.Bench;

/// <summary>What is measured and how.</summary>
/// <param name="Model">How the model is loaded.</param>
/// <param name="PromptFile">Null for the built-in questions.</param>
/// <param name="Limit">Most prompts used.</param>
/// <param name="Arms">Asked for by name; null for all that can run.</param>
/// <param name="Plan">Forced plan; null leaves the choice to the engine.</param>
/// <param name="Rows">Of the arms that have a forced size of their own.</param>
/// <param name="Sizes">Rows of the forced sizes that the planner is compared with, ascending; may be empty.</param>
/// <param name="MaxTokens">Most tokens of a reply.</param>
/// <param name="Repeat">Rounds that count.</param>
/// <param name="Concurrency">Requests at once.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Peer">Address of a llama-server; null for none.</param>
/// <param name="JsonPath">File for the result; null for none.</param>
/// <param name="PlotFolder">Folder for plots; null for none.</param>
sealed record BenchOptions(
    PpdModelOptions Model, string? PromptFile, int Limit, IReadOnlyList<BenchArm>? Arms, PpdPlan? Plan, int Rows, IReadOnlyList<int> Sizes, int MaxTokens, int Repeat, int Concurrency,
    SamplingSettings Sampling, Uri? Peer, string? JsonPath, string? PlotFolder)
{
    /// <summary>Where the grammar of <see cref="Sampling"/> comes from; null where there is none.</summary>
    internal string? SchemaFile { get; init; }

    /// <summary>Whether an arm may want prompt tokens.</summary>
    internal static bool WantsPromptTokens(IReadOnlyList<BenchArm>? arms, IReadOnlyList<int> sizes) => arms == null || sizes.Any(rows => rows > 1) || arms.Any(arm => arm.TakesPromptTokens());
}
