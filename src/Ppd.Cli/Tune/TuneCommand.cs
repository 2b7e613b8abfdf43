using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Ppd.Cli.Bench;
using Ppd.Decoding;

namespace Ppd.Cli.Tune;

/// <summary><c>ppd tune MODEL</c>: the settings with which a model is fastest on this machine, kept for later loads.</summary>
static class TuneCommand
{
    public static Command Create(Terminal terminal)
    {
        var arguments = new TuneArguments();
        var command = new Command("tune", "Measures with which threads, attention kernel, weight layout and batch size a model is fastest here, and keeps that for later loads.");
        arguments.AddTo(command);
        command.SetAction((parsed, _) => Run(terminal, arguments, parsed));
        return command;
    }

    static async Task<int> Run(Terminal terminal, TuneArguments arguments, ParseResult parsed)
    {
        try
        {
            var (options, dryRun, plot) = (arguments.Model(parsed), arguments.DryRun(parsed), arguments.Plot(parsed));
            RequireFolder(plot);
            var source = ModelSource.Open(options, NullLoggerFactory.Instance);
            if (source.Cache == null && !dryRun) throw new ArgumentException("This user has no folder for local application data; say with --cache where the profile is to be written.");
            var load = MachineLoad.Read();
            var result = await new TuneSession(options, source, arguments.Quick(parsed)).Run((total, run) => MeasuringProgress.Run(terminal, total, run));
            var report = new TuneReport(terminal.Output);
            report.Write(source.Info, result, MachineLoad.Warning(load));
            if (plot != null) TunePlot.Write(plot, source.Info.Name, result);
            report.WriteKept(dryRun ? null : Keep(options, source, result));
            return ExitCode.Success;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            terminal.Fail(error);
            return ExitCode.Failure;
        }
    }

    // what cannot be written is better known before the measurement
    static void RequireFolder(string? plot)
    {
        if (plot != null && Path.GetDirectoryName(Path.GetFullPath(plot)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder of '{plot}' does not exist. Make it, or give --plot a path in another one.");
    }

    // The profile, and what steps cost with it: the next load has nothing to measure. Returns the profile's path.
    static string Keep(PpdModelOptions options, ModelSource source, TuneResult result)
    {
        var (cache, chosen) = (source.Cache!, result.Chosen.Settings);
        var engine = new EngineSettings(source.ContextLength, options.Slots, options.QueueLimit, chosen.BatchSize, chosen.Threads, chosen.FlashAttention);
        if ((cache.Profile.Write(chosen) ?? cache.Costs(engine, chosen.RepackWeights, embeddings: source.PromptTokens != null).Write(result.ChosenCosts)) is { } failure)
            throw new IOException($"The profile could not be written to '{cache.Folder}': {failure} Give --cache another folder, or --dry-run to write none.");
        return cache.Profile.Path;
    }
}
