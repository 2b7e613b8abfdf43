using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppd.Cli.Inspect;

/// <summary><c>ppd inspect MODEL</c>: what a model file is and whether it runs here.</summary>
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
        var model = new Argument<string>("MODEL") { Description = "Path of a GGUF file." };
        var json = new Option<bool>("--json") { Description = "Print the facts as JSON; sizes are in bytes. Default: a report." };
        var template = new Option<bool>("--template") { Description = "Print the chat template whole. Default: its first lines." };
        var runtime = CommonOptions.Runtime();
        var command = new Command("inspect", "Shows what a model file is and whether it runs here, without loading its weights. Exit code 0: it does.")
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
            var facts = ModelFactsReader.Read(path, runtime);
            if (json) Console.Out.WriteLine(JsonSerializer.Serialize(facts, Json));
            else new InspectReport(terminal.Output).Write(facts, wholeTemplate);
            return facts.Usable ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception error) when (Failure.IsExpected(error))
        {
            terminal.Fail(error);
            return ExitCode.Failure;
        }
    }
}
