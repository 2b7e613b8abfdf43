using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppd.Cli.Inspect;

/// <summary><c>ppd inspect FILE</c>: what a model file or a prompt-token file is and whether it can be used here.</summary>
static class InspectCommand
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it goes to a file or a program, not into a web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("FILE")
        {
            Description = "Path of a GGUF file: a model, or prompt tokens (.ppd.gguf). Default: the small model that comes with this program.",
            DefaultValueFactory = _ => PpdModelOptions.DefaultModelPath,
        };
        var json = new Option<bool>("--json") { Description = "Print the facts as JSON; sizes are in bytes. Default: a report." };
        var template = new Option<bool>("--template") { Description = "Print the chat template whole. Default: its first lines." };
        var runtime = CommonOptions.Runtime();
        var command = new Command("inspect", "Shows what a model or a prompt-token file is and whether it can be used here, without loading weights. Exit code 0: it can.")
        {
            model, json, template, runtime,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(template)) result.AddError("--template changes the report only; --json always has the whole template.");
        });
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(model), parsed.GetValue(runtime), parsed.GetValue(json), parsed.GetValue(template)));
        return command;
    }

    static int Run(Terminal terminal, string path, string? runtime, bool json, bool wholeTemplate)
    {
        try
        {
            if (PromptTokenFactsReader.IsPromptTokenFile(path))
            {
                if (wholeTemplate || runtime is not null) throw new ArgumentException($"'{path}' holds prompt tokens; --template and --runtime are for models.");
                var promptTokens = PromptTokenFactsReader.Read(path);
                if (json) WriteJson(promptTokens);
                else new InspectReport(terminal.Output).Write(promptTokens);
                return promptTokens.Error is null ? ExitCode.Success : ExitCode.Failure;
            }
            var facts = ModelFactsReader.Read(path, runtime);
            if (json) WriteJson(facts);
            else new InspectReport(terminal.Output).Write(facts, wholeTemplate);
            return facts.Usable ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            terminal.Fail(error);
            return ExitCode.Failure;
        }
    }

    static void WriteJson<T>(T facts) => Console.Out.WriteLine(JsonSerializer.Serialize(facts, Json));
}
