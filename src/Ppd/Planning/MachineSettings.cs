namespace Ppd.Planning;

/// <summary>The settings that change the speed only and whose best values depend on the machine: what <c>ppd tune</c> chooses.</summary>
/// <param name="Threads">Threads of the CPU backend.</param>
/// <param name="FlashAttention">Whether attention runs in the fused kernel.</param>
/// <param name="RepackWeights">Whether weights are laid out anew for the kernels of this processor.</param>
/// <param name="BatchSize">Most prompt tokens in one step.</param>
sealed record MachineSettings(int Threads, bool FlashAttention, bool RepackWeights, int BatchSize)
{
    internal const int DefaultBatchSize = 512, MostBatchSize = 8192;

    /// <summary>What suits most machines.</summary>
    /// <param name="gpu">Whether a GPU holds layers.</param>
    internal static MachineSettings Default(bool gpu) => new(PpdModel.DefaultThreads, FlashAttention: gpu, RepackWeights: true, DefaultBatchSize);

    /// <summary>The options that are set, else the profile, else <see cref="Default"/>.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="profile">What was measured here, or null.</param>
    /// <param name="gpu">As for <see cref="Default"/>.</param>
    /// <param name="buildServer">There the threads of a profile do not count: builds run side by side.</param>
    internal static MachineSettings Choose(PpdModelOptions options, MachineSettings? profile, bool gpu, bool buildServer)
    {
        var unset = Default(gpu);
        if (profile != null) unset = profile with { Threads = buildServer ? unset.Threads : profile.Threads };
        return new MachineSettings(
            options.Threads ?? unset.Threads,
            options.FlashAttention switch { PpdFlashAttention.On => true, PpdFlashAttention.Off => false, _ => unset.FlashAttention },
            options.RepackWeights ?? unset.RepackWeights,
            options.BatchSize ?? unset.BatchSize);
    }

    /// <summary>Why these cannot be the settings of a machine with so many processors, or null.</summary>
    internal string? Problem(int processors) =>
        Threads < 1 || Threads > processors ? $"it says {Threads} threads, and there are {processors} processors"
        : BatchSize is < 1 or > MostBatchSize ? $"it says batches of {BatchSize} tokens; allowed are 1 to {MostBatchSize}"
        : null;

    public override string ToString() =>
        $"{Threads} {(Threads == 1 ? "thread" : "threads")}, flash attention {(FlashAttention ? "on" : "off")}, weights {(RepackWeights ? "repacked" : "as in the file")}, batches of {BatchSize} tokens";
}
