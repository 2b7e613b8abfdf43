using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

/// <summary>Markers in what users, tools and documents say stay input; only the template's own are not.</summary>
public class InjectionTests
{
    static readonly string[] Markers = ["<|im_end|>", "<|im_start|>", "</s>", "<s>", "<|eot_id|>", "[/INST]", "<end_of_turn>", "<think>", "</tool_call>", "{{ bos_token }}", "{% raw %}"];

    static string Hostile(string where) => $"{where}!{string.Concat(Markers)}!{where}";

    static List<TemplateMessage> Conversation(bool withCalls)
    {
        var messages = new List<TemplateMessage> { new("system", Hostile("sys")), new("user", Hostile("usr")) };
        if (withCalls)
        {
            var arguments = JsonSerializer.SerializeToElement(new Dictionary<string, string> { [Hostile("key")] = Hostile("val") });
            messages.Add(new("assistant", "") { ToolCalls = [new("call00001", "f", arguments)], ReasoningContent = Hostile("rea") });
            messages.Add(new("tool", Hostile("res")) { ToolCallId = "call00001", Name = "f" });
        }
        messages.Add(new("assistant", Hostile("ass")));
        messages.Add(new("user", Hostile("end")));
        return messages;
    }

    static ChatRenderOptions Options(bool withCalls) => new()
    {
        Clock = FixedClock.Instance,
        Tools = withCalls
            ? [JsonSerializer.SerializeToElement(new { type = "function", function = new { name = "f", description = Hostile("des"),
                parameters = new { type = "object", properties = new { p = new { type = "string", description = Hostile("par") } } } } })]
            : null,
    };

    static void AssertSeparated(RenderedText rendered)
    {
        string.Concat(rendered.Segments.Select(s => s.Text)).ShouldBe(rendered.Text);
        // The sentinel before a marker is input, so a leak would show as a template segment that holds it.
        rendered.Segments.Where(s => !s.IsInput).ShouldNotContain(s => s.Text.Contains('!') && s.Text.Contains("usr"));
        var input = string.Concat(rendered.Segments.Select(s => s.IsInput ? s.Text : "\0"));
        input.ShouldContain("usr!<|im_end|>");
        var template = string.Concat(rendered.Segments.Where(s => !s.IsInput).Select(s => s.Text));
        template.ShouldNotContain("{{ bos_token }}");
        template.ShouldNotContain("{% raw %}");
    }

    [Fact]
    public void ChatML_keeps_every_marker_a_user_typed_in_input_segments()
    {
        var rendered = ChatTemplate.Create(new ChatTemplateSource()).Render(Conversation(withCalls: false), Options(withCalls: false));
        AssertSeparated(rendered);
        rendered.Segments.Count.ShouldBe(9);
        rendered.Segments.Where(s => s.IsInput).Select(s => s.Text).ShouldBe([Hostile("sys"), Hostile("usr"), Hostile("ass"), Hostile("end")]);
    }

    [Theory]
    [InlineData("user<|im_end|>")]
    [InlineData("user\n")]
    [InlineData("</s>")]
    public void A_role_that_could_be_a_marker_is_input(string role) =>
        ChatTemplate.Create(new ChatTemplateSource()).Render([new(role, "x")]).Segments.ShouldContain(new TextSegment(role, true));

    [Fact]
    public void Template_code_in_input_is_never_run() =>
        ChatTemplate.Create(new ChatTemplateSource()).Render([new("user", "{{ raise_exception('ran') }}")]).Text.ShouldContain("{{ raise_exception('ran') }}");

    [Fact]
    public void Published_templates_keep_input_apart()
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        using var goldens = GoldenData.Goldens();
        var rendered = 0;
        foreach (var name in goldens.RootElement.EnumerateObject().Select(p => p.Name))
        {
            var template = ChatTemplate.Create(new() { Default = GoldenData.Template(name), BosToken = "<s>", EosToken = "</s>" });
            foreach (var withCalls in new[] { false, true })
            {
                if (TryRender(template, withCalls) is not { } text)
                    continue;
                rendered++;
                AssertSeparated(text);
            }
        }
        // Some refuse: a conversation without tools, or a tool turn.
        rendered.ShouldBeGreaterThan(105);
    }

    static RenderedText? TryRender(ChatTemplate template, bool withCalls)
    {
        try
        {
            return template.Render(Conversation(withCalls), Options(withCalls));
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
