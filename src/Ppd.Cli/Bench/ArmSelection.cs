namespace Ppd.Cli.Bench;

/// <summary>Which arms run, with which plans, and why others do not.</summary>
/// <param name="Arms">Plain first.</param>
/// <param name="Notes">Sentences for the report.</param>
sealed record ArmSelection(IReadOnlyList<(BenchArm Arm, PpdPlan Plan)> Arms, IReadOnlyList<string> Notes)
{
    /// <param name="asked">Arms asked for by name; null for all there are.</param>
    /// <param name="forced">Plan of the arms that take one; null leaves the choice to the engine.</param>
    /// <param name="staticRows">Rows of the static trees.</param>
    /// <param name="promptTokens">Whether the model has prompt tokens.</param>
    /// <exception cref="ArgumentException">An arm that was asked for by name cannot run.</exception>
    internal static ArmSelection Of(IReadOnlyList<BenchArm>? asked, PpdPlan? forced, int staticRows, bool promptTokens)
    {
        List<(BenchArm, PpdPlan)> arms = [];
        List<string> notes = [];
        foreach (var arm in asked ?? BenchArms.Everything)
        {
            if (Obstacle(arm, forced, promptTokens) is { } obstacle)
            {
                if (asked != null) throw new ArgumentException($"The arm '{arm.Name()}' cannot run: {obstacle}. Leave it out of --arms, or {Remedy(promptTokens)}.");
                notes.Add($"Arm {arm.Name()} left out: {obstacle}.");
                continue;
            }
            arms.Add((arm, arm switch
            {
                BenchArm.Plain => PpdPlan.Off,
                BenchArm.Static => PpdPlan.Static(staticRows),
                _ => forced ?? PpdPlan.Auto,
            }));
            if (arm == BenchArm.All && !promptTokens) notes.Add("Arm all guesses by n-grams only: the model has no prompt tokens.");
        }
        return new ArmSelection(arms, notes);
    }

    static string? Obstacle(BenchArm arm, PpdPlan? forced, bool promptTokens)
    {
        if (arm.NeedsPromptTokens() && !promptTokens) return "the model has no prompt tokens";
        var needed = forced is { Kind: PpdPlanKind.Static } && arm.TakesPlan();
        return needed && (arm == BenchArm.NGram || !promptTokens) ? $"the plan {forced} needs prompt tokens" : null;
    }

    static string Remedy(bool promptTokens) => promptTokens ? "force another plan" : "train prompt tokens with ppd-train and put them beside the model";
}
