using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Replies read without a model: text goes in as pieces, thoughts, answer and calls come out as one line.</summary>
static class Reply
{
    internal static readonly AIFunctionDeclaration Weather = Function("Weather_GetForecast", "Tells the weather.", """
        {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}, "exact": {"type": "boolean"}, "places": {"type": "array"}, "filter": {"type": "object"}, "note": {"type": ["string", "null"]}}, "required": ["city"]}
        """);

    internal static readonly AIFunctionDeclaration Clock = Function("Clock_Now", "Tells the time.", """{"type": "object", "properties": {}}""");

    internal static AIFunctionDeclaration Function(string name, string description, string schema) => AIFunctionFactory.CreateDeclaration(name, description, JsonElement.Parse(schema));

    internal static ChatOptions Options(ChatToolMode? mode = null, bool? several = null) => new() { Tools = [Weather, Clock], ToolMode = mode, AllowMultipleToolCalls = several };

    /// <summary>A conversation with a template, one of ours or loaded.</summary>
    internal static ChatPrompt Prompt(string template, ChatOptions? options = null) =>
        Prompt(SampleTemplates.Load(template), SampleTemplates.Layout(template), ToolRequest.From(options ?? Options()));

    internal static ChatPrompt Prompt(ChatTemplate template, ReplyLayout layout, ToolRequest? tools) =>
        new(template.Render([new("user", "a")], new ChatRenderOptions { Tools = layout.TemplateShowsTools ? tools?.Tools.Definitions : null }), layout, tools);

    internal static ReplyReader Reader(ChatPrompt prompt) => new(prompt, new CallIds([1, 2, 3]));

    /// <summary>Reads a reply that comes in pieces.</summary>
    internal static string Read(ReplyReader reader, IEnumerable<string> pieces)
    {
        List<AIContent> contents = [.. reader.Take()];
        foreach (var piece in pieces)
        {
            reader.Push(piece);
            contents.AddRange(reader.Take());
        }
        reader.Finish();
        contents.AddRange(reader.Take());
        return Line(contents);
    }

    /// <summary>The reply in every way to cut it in two, character by character, and whole; all must read the same.</summary>
    internal static string ReadCutEverywhere(ChatPrompt prompt, string text)
    {
        var whole = Read(Reader(prompt), [text]);
        Read(Reader(prompt), text.Select(c => c.ToString())).ShouldBe(whole);
        for (var cut = 1; cut < text.Length; cut++) Read(Reader(prompt), [text[..cut], text[cut..]]).ShouldBe(whole, $"cut after '{text[..cut]}'");
        var random = new Random(text.Length);
        for (var round = 0; round < 20; round++) Read(Reader(prompt), Pieces(text, random)).ShouldBe(whole);
        return whole;
    }

    /// <summary>Contents as one line: reasoning in brackets, text as it is, calls as name and JSON in braces.</summary>
    internal static string Line(IEnumerable<AIContent> contents) => string.Concat(Merged(contents));

    static IEnumerable<string> Merged(IEnumerable<AIContent> contents)
    {
        var thought = "";
        foreach (var content in contents)
        {
            if (content is TextReasoningContent reasoning)
            {
                thought += reasoning.Text;
                continue;
            }
            if (thought.Length > 0) yield return $"[{thought}]";
            thought = "";
            yield return content switch
            {
                FunctionCallContent call => $"{{{call.Name} {JsonSerializer.Serialize(call.Arguments, Json)}}}",
                TextContent text => text.Text,
                _ => content.GetType().Name,
            };
        }
        if (thought.Length > 0) yield return $"[{thought}]";
    }

    static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static IEnumerable<string> Pieces(string text, Random random)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(1 + random.Next(7), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
