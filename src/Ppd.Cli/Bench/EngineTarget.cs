using Ppd.Planning;

namespace Ppd.Cli.Bench;

/// <summary>An arm of the comparison on the engine of this library.</summary>
sealed class EngineTarget(string name, BenchEngine engine, BenchArm arm, PpdPlan plan, int maxTokens) : IBenchTarget
{
    readonly Planner _planner = engine.NewPlanner();

    public string Name => name;

    public string? Plan => plan.ToString();

    public Task Prime(IReadOnlyList<int[]> prompts) => engine.Run(prompts, BenchArm.Plain, PpdPlan.Off, _planner, tokens: 1);

    public Task<ArmRun> Run(IReadOnlyList<int[]> prompts, StepTally? tally = null) => engine.Run(prompts, arm, plan, _planner, maxTokens, tally);
}
