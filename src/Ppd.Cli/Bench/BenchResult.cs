namespace Ppd.Cli.Bench;

/// <summary>All that <c>ppd bench</c> finds; with <c>--json</c>, the names here are the names there, in snake case.</summary>
/// <param name="Machine">Where it was measured.</param>
/// <param name="Runtime">What decoded.</param>
/// <param name="Model">What was decoded.</param>
/// <param name="Options">How.</param>
/// <param name="CostCurve">Time of a step by its rows, measured when the model was loaded.</param>
/// <param name="LoadAverage">Processes that wanted to compute in the minute, the 5 and the 15 minutes before; null where the system does not say.</param>
/// <param name="Arms">Plain first.</param>
/// <param name="Planner">Its choice against the forced sizes; null where none were asked for.</param>
/// <param name="Notes">What else a reader should know.</param>
sealed record BenchResult(
    MachineFacts Machine, RuntimeFacts Runtime, ModelFacts Model, OptionFacts Options, CostCurveFacts CostCurve, IReadOnlyList<double>? LoadAverage,
    IReadOnlyList<ArmResult> Arms, PlannerFacts? Planner, IReadOnlyList<string> Notes);

sealed record MachineFacts(string Cpu, int Cores, string Os, string Dotnet);

sealed record RuntimeFacts(string LlamaCpp, string SystemInfo, IReadOnlyList<string> Devices);

// File: name without folder.
// Size: bytes.
// Type: what the file calls its mix of types, else the type of most weights.
sealed record ModelFacts(string File, long Size, string Type, string Architecture, long Parameters, bool PromptTokens);

// Prompts: file name without folder; null for the built-in ones.
// PromptCount: those measured.
// Schema: name without folder of what all replies satisfy; null where they are free.
sealed record OptionFacts(
    string? Prompts, int PromptCount, int MaxTokens, int Repeat, int Concurrency, float Temperature, int TopK, float TopP, float MinP, uint Seed, string? Plan, IReadOnlyList<int> Sizes, int Threads,
    int Context, int GpuLayers)
{
    public string? Schema { get; init; }

    public required bool FlashAttention { get; init; }

    internal string ThreadsText => (Threads == 1 ? "1 thread" : $"{Threads} threads") + (FlashAttention ? ", flash attention" : "");
}

// Milliseconds: with an empty cache, at the same index as Rows.
// MillisecondsPerRowAndToken: what every token in the cache adds to every row.
// RebuildMilliseconds: what a step adds that has another shape than the one before.
// MillisecondsPerOutput: what a row takes less without logits.
sealed record CostCurveFacts(IReadOnlyList<int> Rows, IReadOnlyList<double> Milliseconds, double MillisecondsPerRowAndToken, double RebuildMilliseconds, double MillisecondsPerOutput);

// Plan, TokensPerStep, RowsPerStep, WastedRowsPerStep, DecodeMsPerStep, HostUsPerStep, Sizes, AcceptanceByDepth: null for a peer. A step is one request's share of a forward pass, but times are those of passes.
// WastedRowsPerStep: rows that brought no token.
// Acceptance: guesses that were right, 0 to 1; null where none was verified.
// Identical: every reply was the plain one or left it at a near-tie; null for a peer that draws by chance.
// NearTies: replies that did.
// WorstPrompt: its number and first words.
// Sizes: steps by their rows, in the round that does not count, as is AcceptanceByDepth.
sealed record ArmResult(
    string Name, string? Plan, int Tokens, SpeedRange TokensPerSecond, double SpeedupVsPlain, double? TokensPerStep, double? RowsPerStep, double? WastedRowsPerStep, double? Acceptance,
    double? DecodeMsPerStep, double? HostUsPerStep, bool? Identical, int NearTies, double WorstPromptSpeedup, string WorstPrompt,
    IReadOnlyDictionary<int, int>? Sizes, IReadOnlyList<AcceptanceCount>? AcceptanceByDepth);

sealed record SpeedRange(double Median, double Min, double Max);
