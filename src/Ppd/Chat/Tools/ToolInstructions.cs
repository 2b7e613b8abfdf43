using System.Text.Json;
using Ppd.Templates;

namespace Ppd.Chat.Tools;

/// <summary>Tells a model about its tools where the template does not: the list of functions and how to call one, in a system message.</summary>
static class ToolInstructions
{
    static readonly JinjaTemplate Line = JinjaTemplate.Parse("{{ function | tojson }}");
    static readonly TemplateToolCall Example = new("abcdef123", "function_name", JsonElement.Parse("""{"argument_name": "value"}"""));

    /// <summary>The messages with the instructions in the first system message, or in a new one.</summary>
    internal static List<TemplateMessage> AddTo(List<TemplateMessage> turns, ToolSet tools, ToolCallFormat format)
    {
        List<TextSegment> instructions =
        [
            Own("You can call functions. These are available, one a line:\n"),
            .. tools.Definitions.SelectMany(definition => (TextSegment[])[new(Render(definition), IsInput: true), Own("\n")]),
            Own("\nTo call a function, write in exactly this form, with its name and a JSON value for each argument:\n"),
            .. format.Write([Example]),
            Own($"\n{(format.Between == null ? "Call one function at a time." : "Several calls may follow each other.")} The results come in the next message. "
                + "If no function helps, answer in words."),
        ];
        return turns is [{ Role: "system" or "developer" } first, .. var others]
            ? [first with { Pieces = [.. first.Pieces ?? [new TextSegment(first.Content ?? "", IsInput: true)], Own("\n\n"), .. instructions] }, .. others]
            : [new TemplateMessage("system", null) { Pieces = instructions }, .. turns];
    }

    static TextSegment Own(string text) => new(text, IsInput: false);

    static string Render(JsonElement definition) => Line.Render(new Dictionary<string, object?> { ["function"] = definition.GetProperty("function") }).Text;
}
