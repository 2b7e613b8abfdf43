using System.CommandLine;
using Ppd.Native;
using Ppd.Training.Commands;
using Ppd.Training.Prompts;

namespace Ppd.Training.Ablation;

/// <summary><c>ppd-train ablate MODEL</c>.</summary>
static class AblateCommand
{
    const int Count = 3, BatchRows = 4, Points = 32, LongestRow = 256;

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "Path of a GGUF file." };
        var output = new Option<string>("--out") { HelpName = "FOLDER", Description = "Where the report goes.", Required = true };
        var text = new Option<string?>("--text-file") { HelpName = "FILE", Description = "Where the model's text is kept between runs. Default: in the folder of --out." };
        var tokens = new Option<int>("--tokens") { HelpName = "N", Description = "Tokens the model writes.", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<double>("--seconds") { HelpName = "N", Description = "Processor time per variant.", DefaultValueFactory = _ => 120 };
        var only = new Option<string[]>("--only") { HelpName = "NAME", Description = "Variants to run. Default: all.", AllowMultipleArgumentsPerToken = true };
        var threads = new Option<int>("--threads") { HelpName = "N", Description = "Threads of libtorch.", DefaultValueFactory = _ => 1 };
        var command = new Command("ablate", "Compares ways to train prompt tokens on one model, each for the same processor time.") { model, output, text, tokens, seconds, only, threads };
        command.SetAction((parsed, cancellation) => terminal.Guard(() =>
        {
            var folder = parsed.GetRequiredValue(output);
            var path = parsed.GetRequiredValue(model);
            return new AblationRun(terminal, new AblationOptions(path, folder,
                parsed.GetValue(text) ?? Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + ".text"), parsed.GetValue(tokens), parsed.GetValue(seconds),
                parsed.GetValue(only) ?? [], parsed.GetValue(threads),
                new PromptTrainingOptions { Count = Count, Length = Length(path), BatchRows = BatchRows, Points = Points })).Run(cancellation);
        }));
        return command;
    }

    static int Length(string path)
    {
        using var file = GgufFile.Open(path);
        return Math.Min(GgufModelCheck.Check(file).ContextLength, LongestRow);
    }
}
