using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ppd.Cli.Bench;

/// <summary><c>ppd bench</c>: speed of the ways of decoding on this machine, and whether they say the same.</summary>
static class BenchCommand
{
    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it goes to a file, not into a web page
    };

    public static Command Create(Terminal terminal)
    {
        var arguments = new BenchArguments();
        var command = new Command("bench", "Measures how fast a model replies with each source of guesses and without any, and checks that the replies are the same.");
        arguments.AddTo(command);
        command.SetAction((parsed, _) => Run(terminal, arguments, parsed));
        return command;
    }

    static async Task<int> Run(Terminal terminal, BenchArguments arguments, ParseResult parsed)
    {
        try
        {
            var options = arguments.Options(parsed);
            var prompts = options.PromptFile is { } file ? PromptFile.Read(file) : BuiltInPrompts.All;
            PrepareFolders(options);
            var result = await new BenchSession(options, prompts).Run((total, run) => MeasuringProgress.Run(terminal, total, run));
            new BenchReport(terminal.Output).Write(result);
            if (options.JsonPath is { } path) await File.WriteAllTextAsync(path, JsonSerializer.Serialize(result, Json) + '\n');
            if (options.PlotFolder is { } plots) BenchPlots.WriteAll(plots, result);
            return result.Arms.Any(arm => arm.Identical == false) ? ExitCode.Failure : ExitCode.Success;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            terminal.Fail(error);
            return ExitCode.Failure;
        }
    }

    // what cannot be written is better known before the measurement
    static void PrepareFolders(BenchOptions options)
    {
        if (options.PlotFolder is { } plots) Directory.CreateDirectory(plots);
        if (options.JsonPath is { } json && Path.GetDirectoryName(Path.GetFullPath(json)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder of '{json}' does not exist. Make it, or give --json a path in another one.");
    }
}
