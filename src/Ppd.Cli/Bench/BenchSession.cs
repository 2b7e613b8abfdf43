using Ppd.Cli.Inspect;
using Ppd.Native;

namespace Ppd.Cli.Bench;

/// <summary>One benchmark from the loading of the model to the result.</summary>
/// <param name="options">What is measured and how.</param>
/// <param name="prompts">Before they are rendered.</param>
sealed class BenchSession(BenchOptions options, IReadOnlyList<BenchPrompt> prompts)
{
    /// <param name="runProgress">Runs the measurement with something that shows how far it is; gets the number of groups in all rounds.</param>
    internal async Task<BenchResult> Run(Func<int, Func<Action<int>, Task>, Task> runProgress)
    {
        var load = MachineLoad.Read();
        var library = LlamaLibrary.Load(options.Model.LibraryPath, logger: null);
        Measured measured;
        using (var model = await PpdModel.LoadAsync(options.Model)) measured = await Measure(model, runProgress);
        // only now, for a second context would have needed memory and shared the processor
        var excused = Excused(library, measured);
        string[] warnings = MachineLoad.Warning(load) is { } warning ? [warning] : [];
        return new BenchResult(Machine(library), Runtime(library), measured.Model, measured.Options, measured.CostCurve, load, Arms(measured, excused),
            PlannerFacts.Of(options.Sizes, measured.Samples), [.. warnings, .. measured.Notes]);
    }

    sealed record Measured(
        ModelFacts Model, OptionFacts Options, CostCurveFacts CostCurve, PromptSet Prompts, IReadOnlyList<int[]> Groups, IReadOnlyList<ArmSamples> Samples, int[][] PlainReplies,
        IReadOnlyList<string> Notes);

    async Task<Measured> Measure(PpdModel model, Func<int, Func<Action<int>, Task>, Task> runProgress)
    {
        var set = PromptSet.Of(prompts, model, options.Limit);
        var engine = new BenchEngine(model, options.Sampling);
        var selection = ArmSelection.Of(options.Arms, options.Plan, options.Rows, model.UsesPromptTokens, rows => engine.StaticObstacle(rows, options.Concurrency), constrained: options.Sampling.Grammar != null);
        List<IBenchTarget> targets = [.. selection.Arms.Select(arm => new EngineTarget(arm.Arm.Name(), engine, arm.Arm, arm.Plan, options.MaxTokens))];
        foreach (var rows in options.Sizes)
        {
            var (arm, plan) = ForcedSizes.Of(rows);
            targets.Add(new EngineTarget(ForcedSizes.Name(rows), engine, arm, plan, options.MaxTokens));
        }
        using var peer = options.Peer is { } address ? new Peer(address, options.Sampling, options.MaxTokens, model.Vocabulary.EndsGeneration) : null;
        if (peer != null)
        {
            await peer.RequireReachable();
            targets.Add(peer);
        }
        var groups = Measurement.Groups(set.Tokens.Count, options.Concurrency);
        var measurement = new Measurement(targets, set.Tokens, groups);
        IReadOnlyList<ArmSamples> samples = [];
        await runProgress((options.Repeat + 1) * groups.Count, async progress => samples = await measurement.Run(options.Repeat, progress));
        return new Measured(Model(model), Facts(model, set.Tokens.Count), engine.CostCurve, set, groups, samples, measurement.PlainReplies, [.. set.Notes, .. selection.Notes]);
    }

    // [arms] divergences that are near-ties
    IReadOnlyList<int> Excused(LlamaLibrary library, Measured measured)
    {
        if (measured.Samples.All(arm => arm.Divergences.Count == 0)) return [.. measured.Samples.Select(_ => 0)];
        using var model = LlamaModel.Load(library, options.Model.ModelPath, options.Model.GpuLayers, progress: null, CancellationToken.None);
        var longest = measured.Prompts.Tokens.Max(prompt => prompt.Length) + options.MaxTokens;
        using var nearTie = new NearTie(model, options.Sampling, Math.Min(longest, measured.Options.Context), measured.Options.Threads, measured.Options.FlashAttention);
        return [.. measured.Samples.Select(arm => arm.Divergences.Count(divergence =>
            nearTie.Excuses(measured.Prompts.Tokens[divergence.Prompt], measured.PlainReplies[divergence.Prompt], divergence)))];
    }

    IReadOnlyList<ArmResult> Arms(Measured measured, IReadOnlyList<int> excused)
    {
        List<ArmResult> arms = [];
        foreach (var (samples, nearTies) in measured.Samples.Zip(excused))
        {
            var speed = SpeedSummary.Of(samples.Speeds, measured.Samples[0].Speeds)
                ?? throw new PromptFileException($"No reply of the arm '{samples.Name}' has two tokens, so that there is no speed. Take other prompts, or raise --max-tokens.");
            var steps = samples.Counters;
            arms.Add(new ArmResult(samples.Name, samples.Plan, samples.Tokens, new SpeedRange(speed.Median, speed.Min, speed.Max), speed.Speedup,
                1 + Ratio(steps?.Accepted, steps?.Steps), Ratio(steps?.Rows, steps?.Steps), Ratio(steps?.Rows - steps?.Steps - steps?.Accepted, steps?.Steps), Ratio(steps?.Accepted, steps?.Proposed),
                Ratio(steps?.Decode.TotalMilliseconds, steps?.Passes), Ratio(steps?.Host.TotalMicroseconds, steps?.Passes),
                // a server draws its random numbers in its own order
                steps == null && !options.Sampling.IsGreedy ? null : samples.Divergences.Count == nearTies, nearTies,
                speed.WorstSpeedup, Label(measured, speed.WorstGroup),
                steps == null ? null : samples.Tally.Sizes, steps == null ? null : samples.Tally.Acceptance));
        }
        return arms;
    }

    static string Label(Measured measured, int group)
    {
        var indices = measured.Groups[group];
        return measured.Prompts.Labels[indices[0]] + (indices.Length > 1 ? $" and {indices.Length - 1} at once with it" : "");
    }

    static double? Ratio(double? part, double? whole) => whole > 0 ? part / whole : null;

    ModelFacts Model(PpdModel model) => new(Path.GetFileName(options.Model.ModelPath), new FileInfo(options.Model.ModelPath).Length,
        FileTypes.Name(model.Info.FileType) ?? model.Info.WeightType.ToString(), model.Info.Architecture, model.Info.ParameterCount, model.UsesPromptTokens);

    OptionFacts Facts(PpdModel model, int promptCount)
    {
        var sampling = options.Sampling;
        return new OptionFacts(options.PromptFile is { } file ? Path.GetFileName(file) : null, promptCount, options.MaxTokens, options.Repeat, options.Concurrency,
            sampling.Temperature, sampling.TopK, sampling.TopP, sampling.MinP, sampling.Seed, options.Plan?.ToString(), options.Sizes, options.Model.Threads ?? PpdModel.DefaultThreads,
            model.ContextLength, options.Model.GpuLayers) { Schema = options.SchemaFile is { } schema ? Path.GetFileName(schema) : null, FlashAttention = model.Machine.FlashAttention };
    }

    static RuntimeFacts Runtime(LlamaLibrary library) =>
        new(library.Version, library.SystemInfo.Trim(), [.. library.Devices.Select(device => $"{device.Name}: {device.Description.Trim()}")]);

    static MachineFacts Machine(LlamaLibrary library) => new(
        library.Devices.FirstOrDefault(device => device.Type == LlamaDeviceType.Cpu)?.Description.Trim() ?? "unknown", Environment.ProcessorCount,
        System.Runtime.InteropServices.RuntimeInformation.OSDescription, Environment.Version.ToString());
}
