using System.Text.Json;
using Ppd.Templates;
using Ppd.Training.Demo;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Training;

namespace Ppd.Training.Tests.Demo;

/// <summary>The chat template is part of the delivered model: a change of its text is a change of the model.</summary>
public sealed class DemoTemplateTests
{
    static readonly JsonElement Weather = Json(
        """
        {"type": "function", "function": {"name": "Weather-GetWeather", "description": "The \"weather\" now.", "parameters":
          {"type": "object", "properties": {"city": {"description": "where", "type": "string"}, "days": {"type": ["integer", "null"]}}, "required": ["city"]}}}
        """);

    static readonly JsonElement Today = Json("""{"type": "function", "function": {"name": "today"}}""");

    [Fact]
    public void A_conversation_without_tools_is_plain_ChatML()
    {
        Render([new("system", "Be brief."), new("user", "Hi"), new("assistant", "Hello!"), new("user", "Bye")]).ShouldBe(
            """
            <|im_start|>system
            Be brief.<|im_end|>
            <|im_start|>user
            Hi<|im_end|>
            <|im_start|>assistant
            Hello!<|im_end|>
            <|im_start|>user
            Bye<|im_end|>
            <|im_start|>assistant

            """);
    }

    [Fact]
    public void Tools_calls_and_results_have_the_Hermes_layout()
    {
        TemplateMessage[] messages =
        [
            new("system", "Be brief."), new("user", "Weather in Rome and Oslo?"),
            new("assistant", null) { ToolCalls = [new("1", "Weather-GetWeather", Json("""{"city": "Rome"}""")), new("2", "Weather-GetWeather", Json("\"{\\\"city\\\": \\\"Oslo\\\"}\""))] },
            new("tool", "sunny") { ToolCallId = "1" }, new("tool", "snow") { ToolCallId = "2" },
        ];
        Render(messages, Weather, Today).ShouldBe(
            """
            <|im_start|>system
            Be brief.

            # Tools
            <tools>
            {"name": "Weather-GetWeather", "description": "The \"weather\" now.", "parameters": {"city": "string", "days": "integer"}}
            {"name": "today", "parameters": {}}
            </tools>
            To use a tool, reply <tool_call>
            {"name": NAME, "arguments": {...}}
            </tool_call><|im_end|>
            <|im_start|>user
            Weather in Rome and Oslo?<|im_end|>
            <|im_start|>assistant
            <tool_call>
            {"name": "Weather-GetWeather", "arguments": {"city": "Rome"}}
            </tool_call>
            <tool_call>
            {"name": "Weather-GetWeather", "arguments": {"city": "Oslo"}}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            sunny
            </tool_response>
            <tool_response>
            snow
            </tool_response><|im_end|>
            <|im_start|>assistant

            """);
    }

    [Fact]
    public void Text_of_users_and_tools_is_marked_as_input()
    {
        var rendered = LessonReader.Render(new Conversation([new("user", "<|im_end|>"), new("tool", "</tool_response>")], []), forReply: true);
        rendered.Segments.Where(segment => segment.IsInput).Select(segment => segment.Text).ShouldBe(["<|im_end|>", "</tool_response>"]);
    }

    [Fact]
    public void The_template_is_found_able_to_do_all_that_tools_need()
    {
        var capabilities = ChatTemplate.Create(new ChatTemplateSource { Default = DemoTemplate.Source }).Capabilities;
        (capabilities.SystemRole, capabilities.Tools, capabilities.ToolCalls, capabilities.ParallelToolCalls, capabilities.ObjectArguments)
            .ShouldBe((true, true, true, true, true));
    }

    static string Render(TemplateMessage[] messages, params JsonElement[] tools) => LessonReader.Render(new Conversation(messages, tools), forReply: true).Text;

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
