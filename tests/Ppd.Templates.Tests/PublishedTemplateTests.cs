using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

public class PublishedTemplateTests
{
    static ChatTemplate Load(string name) =>
        ChatTemplate.Create(new() { Default = GoldenData.Template(name + ".jinja"), BosToken = "<s>", EosToken = "</s>" });

    [Theory]
    [InlineData("Qwen-Qwen3-0.6B", "System Tools ToolCalls Parallel Object Thinking Reasoning")]
    [InlineData("Qwen-Qwen2.5-7B-Instruct", "System Tools ToolCalls Parallel Object")]
    [InlineData("google-gemma-2-2b-it", "")]
    [InlineData("meta-llama-Llama-3.1-8B-Instruct", "System Tools ToolCalls Object")]
    [InlineData("mistralai-Mistral-Nemo-Instruct-2407", "System Tools ToolCalls Parallel Object")]
    [InlineData("deepseek-ai-DeepSeek-R1-Distill-Llama-8B", "System ToolCalls Parallel")]
    [InlineData("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", "System ToolCalls Parallel Object Thinking")]
    [InlineData("GLM-4.6", "System Tools ToolCalls Parallel Object Thinking Reasoning")]
    [InlineData("microsoft-Phi-3.5-mini-instruct", "System")]
    [InlineData("Kimi-K2-Instruct", "System Tools ToolCalls Parallel Object")]
    [InlineData("NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use", "System Tools ToolCalls Parallel Object")]
    public void Capabilities_are_found_by_probing(string name, string expected)
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        var found = Load(name).Capabilities;
        var parts = new[]
        {
            (found.SystemRole, "System"), (found.Tools, "Tools"), (found.ToolCalls, "ToolCalls"), (found.ParallelToolCalls, "Parallel"),
            (found.ObjectArguments && found.ToolCalls, "Object"), (found.Thinking, "Thinking"), (found.Reasoning, "Reasoning"),
        };
        string.Join(' ', parts.Where(p => p.Item1).Select(p => p.Item2)).ShouldBe(expected);
    }

    [Fact]
    public void A_tool_conversation_renders_with_every_template_that_has_tools()
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        using var cases = GoldenData.Cases();
        using var goldens = GoldenData.Goldens();
        var tools = cases.RootElement.GetProperty("b_obj").GetProperty("tools").EnumerateArray().ToList();
        TemplateMessage[] messages =
        [
            new("system", "Be brief."),
            new("user", "Weather in Paris?"),
            new("assistant", null) { ToolCalls = [new("abcdef123", "get_weather", JsonElement.Parse("""{"city": "Paris"}"""))] },
            new("tool", "21 degrees") { ToolCallId = "abcdef123" },
        ];
        var withTools = 0;
        foreach (var name in goldens.RootElement.EnumerateObject().Select(p => p.Name))
        {
            var template = Load(name[..^".jinja".Length]);
            if (!template.Capabilities.Tools || !template.Capabilities.ToolCalls)
                continue;
            withTools++;
            var text = template.Render(messages, new() { Tools = tools, Clock = FixedClock.Instance }).Text;
            text.ShouldContain("get_weather", customMessage: name);
            text.ShouldContain("Paris", customMessage: name);
            text.ShouldContain("21 degrees", customMessage: name);
        }
        withTools.ShouldBeGreaterThan(45);
    }

    [Fact]
    public void A_thousand_mutations_of_templates_end_in_text_or_a_template_error()
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        using var cases = GoldenData.Cases();
        using var goldens = GoldenData.Goldens();
        var sources = goldens.RootElement.EnumerateObject().Select(p => GoldenData.Template(p.Name)).ToList();
        var variables = GoldenData.Variables(cases.RootElement.GetProperty("b_obj"));
        MutationFuzz.Run(sources, variables, 1_000).ShouldBe(1_000);
    }
}
