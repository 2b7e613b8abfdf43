namespace Ppd.Cli.Bench;

/// <summary>Which arms run, with which plans, and why others do not.</summary>
/// <param name="Arms">Plain first.</param>
/// <param name="Notes">Sentences for the report.</param>
sealed record ArmSelection(IReadOnlyList<(BenchArm Arm, PpdPlan Plan)> Arms, IReadOnlyList<string> Notes)
{
    /// <param name="asked">Arms asked for by name; null for all there are.</param>
    /// <param name="forced">Plan of the arms that take one; null leaves the choice to the engine.</param>
    /// <param name="rows">Rows of the arms that have a forced size.</param>
    /// <param name="promptTokens">Whether the model has prompt tokens.</param>
    /// <param name="staticObstacle">Why there are no static trees of so many rows, or null.</param>
    /// <param name="constrained">Whether replies must match a grammar.</param>
    /// <exception cref="ArgumentException">An arm that was asked for by name cannot run.</exception>
    internal static ArmSelection Of(IReadOnlyList<BenchArm>? asked, PpdPlan? forced, int rows, bool promptTokens, Func<int, string?> staticObstacle, bool constrained = false)
    {
        List<(BenchArm, PpdPlan)> arms = [];
        List<string> notes = [];
        foreach (var arm in asked ?? BenchArms.Usual(constrained))
        {
            var plan = arm switch
            {
                BenchArm.Plain => PpdPlan.Off,
                BenchArm.Static => PpdPlan.Static(rows),
                BenchArm.Chain => PpdPlan.Chain(rows),
                BenchArm.Tree => PpdPlan.Tree(rows),
                _ => forced ?? PpdPlan.Auto,
            };
            if (arm == BenchArm.Grammar && !constrained)
                throw new ArgumentException("The arm 'grammar' cannot run: nothing says what the replies must match. Give a JSON schema with --schema, or leave the arm out of --arms.");
            if (Obstacle(arm, plan, promptTokens, staticObstacle) is { } obstacle)
            {
                if (asked != null) throw new ArgumentException($"The arm '{arm.Name()}' cannot run: {obstacle}. Leave it out of --arms, or {Remedy(promptTokens)}.");
                notes.Add($"Arm {arm.Name()} left out: {obstacle}.");
                continue;
            }
            arms.Add((arm, plan));
            if (arm.HasAllSources() && !promptTokens) notes.Add($"Arm {arm.Name()} guesses by n-grams {(constrained ? "and the grammar " : "")}only: the model has no prompt tokens.");
        }
        return new ArmSelection(arms, notes);
    }

    static string? Obstacle(BenchArm arm, PpdPlan plan, bool promptTokens, Func<int, string?> staticObstacle)
    {
        if (arm.NeedsPromptTokens() && !promptTokens) return "the model has no prompt tokens";
        if (plan.Kind != PpdPlanKind.Static) return null;
        return arm is BenchArm.NGram or BenchArm.Grammar ? $"the plan {plan} needs prompt tokens" : staticObstacle(plan.Rows);
    }

    static string Remedy(bool promptTokens) => promptTokens ? "choose another plan or another number of rows" : "train prompt tokens with ppd-train and put them beside the model";
}
