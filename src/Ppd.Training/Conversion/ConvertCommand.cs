using System.CommandLine;
using Ppd.Drafting;
using Ppd.Training.Commands;

namespace Ppd.Training.Conversion;

/// <summary><c>ppd-train convert DIR --model MODEL</c>: published checkpoints of the method's authors → a prompt-token file.</summary>
static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of the checkpoint: adapter_config.json and adapter_model.safetensors or adapter_model.bin." };
        var model = new Option<string>("--model") { HelpName = "FILE", Required = true, Description = "GGUF file of the model that the checkpoint was trained for, in any quantisation." };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "Prompt-token file to write. Default: beside the model, with the ending .ppd.gguf." };
        var command = new Command("convert", "Turns a checkpoint by the authors of parallel prompt decoding into a prompt-token file. Their accuracy is not known: measure it.")
        {
            folder, model, output,
        };
        command.SetAction((parsed, _) =>
            terminal.Guard(() => Task.Run(() => Run(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(model), parsed.GetValue(output)))));
        return command;
    }

    static void Run(string folder, string model, string? output)
    {
        var path = output ?? PromptTokenFile.PathBeside(model);
        if (File.Exists(path)) throw new ConversionException($"'{path}' exists already and is not replaced. Delete it, or name another file with --out.");
        var tokens = ReferenceConverter.Convert(folder, ModelShape.Of(model));
        PromptTokenFile.Write(path, tokens);
        Console.Out.WriteLine($"{path}: {tokens.Count} prompt tokens of {tokens.Ensemble}, width {tokens.Width}, mask {PromptTokenFile.MaskName(tokens.Mask)}");
    }
}
