namespace Ppd.Decoding;

/// <summary>Sizes of the engine.</summary>
/// <param name="ContextLength">Tokens of one request, prompt and reply together.</param>
/// <param name="Slots">Requests served at once.</param>
/// <param name="QueueLimit">Requests that may wait for a slot.</param>
/// <param name="PrefillRows">Most prompt tokens decoded in one step.</param>
/// <param name="Threads">Threads of the CPU backend.</param>
/// <param name="FlashAttention">Whether attention runs in the fused kernel.</param>
/// <param name="CacheType">Type of the cached keys and values.</param>
sealed record EngineSettings(int ContextLength, int Slots, int QueueLimit, int PrefillRows, int Threads, bool FlashAttention, Native.GgmlType CacheType = Native.GgmlType.F16)
{
    /// <summary>Most time taken to find out what a step costs.</summary>
    internal TimeSpan ProbeTime { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Rows with logits in one step: the trees of all requests together.</summary>
    internal const int TreeRows = Planning.CostCurve.MostRows;

    /// <summary>Prompt tokens decoded in a step that also serves requests which are generating: they wait for one such chunk at most.</summary>
    internal const int SharedPrefillRows = 64;

    /// <summary>Most slots: each needs a row of logits.</summary>
    internal const int MaxSlots = TreeRows;

    /// <summary>Sequence ids, hence tree paths, of one slot.</summary>
    internal int PathsPerSlot => Math.Min(Native.LlamaBatch.MaxSequences / Slots, TreeRows);

    internal int BatchRows => PrefillRows + TreeRows;

    /// <summary>Cells for all contexts, and for the rows of one step beyond them.</summary>
    internal long Cells => (long)Slots * ContextLength + TreeRows;
}
