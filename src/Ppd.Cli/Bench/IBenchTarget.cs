namespace Ppd.Cli.Bench;

/// <summary>What an arm is measured on: this engine, or a server beside it.</summary>
interface IBenchTarget
{
    /// <summary>As printed.</summary>
    string Name { get; }

    /// <summary>The plan it decodes with, as <see cref="PpdPlan.Parse"/> reads it; null for a peer.</summary>
    string? Plan { get; }

    /// <summary>Puts the prompts into the cache, so that every arm finds them there and no wall time has their decoding in it.</summary>
    Task Prime(IReadOnlyList<int[]> prompts);

    /// <summary>Replies to all prompts at once.</summary>
    /// <param name="prompts">Their tokens.</param>
    /// <param name="tally">Told of every step, which takes time; null where time counts. A peer does not tell.</param>
    Task<ArmRun> Run(IReadOnlyList<int[]> prompts, StepTally? tally = null);
}
