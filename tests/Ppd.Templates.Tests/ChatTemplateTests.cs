using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

public class ChatTemplateTests
{
    const string Plain = "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    static readonly TemplateMessage[] Hello = [new("system", "Be brief."), new("user", "Hi")];

    static ChatTemplate Create(string? source, Dictionary<string, string>? named = null) =>
        ChatTemplate.Create(new ChatTemplateSource { Default = source, Named = named ?? [], BosToken = "<s>", EosToken = "</s>" });

    static JsonElement Json(string text) => JsonElement.Parse(text);

    static readonly ChatRenderOptions WithTool = new()
    {
        Tools = [Json("""{"type": "function", "function": {"name": "get_time", "description": "Time.", "parameters": {"type": "object", "properties": {}}}}""")],
    };

    static TemplateMessage[] Called(string? content, string arguments) =>
    [
        new("user", "Time?"),
        new("assistant", content) { ToolCalls = [new("call00001", "get_time", Json(arguments))] },
        new("tool", "noon") { ToolCallId = "call00001" },
    ];

    [Fact]
    public void A_plain_template_gets_messages_tokens_and_the_generation_prompt()
    {
        var rendered = Create(Plain).Render(Hello);
        rendered.Text.ShouldBe("<s><|system|>Be brief.</s><|user|>Hi</s><|assistant|>");
        rendered.StartsWithBos.ShouldBeTrue();
        Create(Plain).Render(Hello, new() { AddGenerationPrompt = false }).Text.ShouldEndWith("Hi</s>");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  \n")]
    [InlineData("chatml")]
    public void Without_a_template_of_its_own_a_model_gets_ChatML(string? source)
    {
        var rendered = Create(source).Render(Hello);
        rendered.Text.ShouldBe("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        rendered.StartsWithBos.ShouldBeFalse();
    }

    [Theory]
    [InlineData("llama2")]
    [InlineData("mistral-v7-tekken")]
    public void A_template_that_is_only_an_unknown_name_is_refused_by_name(string name) =>
        Should.Throw<TemplateSyntaxException>(() => Create(name)).Message.ShouldContain($"'{name}'");

    [Fact]
    public void The_tool_use_variant_is_used_only_with_tools()
    {
        var template = Create(Plain, new() { ["tool_use"] = "{{ tools[0].function.name }}:" + Plain });
        template.Render(Hello, WithTool).Text.ShouldStartWith("get_time:<s>");
        template.Render(Hello).Text.ShouldStartWith("<s>");
        template.Render(Hello, WithTool with { Tools = [] }).Text.ShouldStartWith("<s>");
        template.Capabilities.Tools.ShouldBeTrue();
        Create(Plain).Capabilities.Tools.ShouldBeFalse();
    }

    [Fact]
    public void A_variant_named_default_stands_in_for_a_missing_default() =>
        Create(null, new() { ["default"] = "D{{ messages[0].content }}" }).Render([new("user", "x")]).Text.ShouldBe("Dx");

    [Fact]
    public void Developer_messages_are_system_messages() =>
        Create(Plain).Render([new("developer", "Be brief."), new("user", "Hi")]).Text.ShouldBe(Create(Plain).Render(Hello).Text);

    [Theory]
    [InlineData("{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}")]
    [InlineData("{% set messages = messages | rejectattr('role', 'equalto', 'system') | list %}")]
    public void Where_there_is_no_system_role_its_text_goes_before_the_next_user_turn(string start)
    {
        var template = Create(start + Plain);
        template.Capabilities.SystemRole.ShouldBeFalse();
        template.Render(Hello, new() { AddGenerationPrompt = false }).Text.ShouldBe("<s><|user|>Be brief.\n\nHi</s>");
        template.Render([.. Hello, new("assistant", "A"), new("developer", "D"), new("user", "B")], new() { AddGenerationPrompt = false }).Text
            .ShouldBe("<s><|user|>Be brief.\n\nHi</s><|assistant|>A</s><|user|>D\n\nB</s>");
        template.Render([Hello[0]], new() { AddGenerationPrompt = false }).Text.ShouldBe("<s><|user|>Be brief.</s>");
    }

    const string Calls = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% for c in m.tool_calls or [] %}({{ c.function.name }} ARGS){% endfor %}{% endfor %}";

    [Theory]
    [InlineData("c.function.arguments | tojson", true, "{\"a\": 1.0}")]
    [InlineData("c.function.arguments", false, "{\"a\": 1.0}")]
    [InlineData("'' + c.function.arguments", false, "{\"a\": 1.0}")]
    [InlineData("c.function.arguments if c.function.arguments is string else c.function.arguments | tojson", true, "{\"a\": 1.0}")]
    [InlineData("c.function.arguments.items() | list", true, "[('a', 1.0)]")]
    public void Arguments_arrive_in_the_form_the_template_reads(string expression, bool asObject, string expected)
    {
        var template = Create(Calls.Replace("ARGS", "{{ " + expression + " }}"));
        template.Capabilities.ObjectArguments.ShouldBe(asObject);
        template.Render(Called("", "{\"a\":1.0}")).Text.ShouldBe($"[user]Time?[assistant](get_time {expected})[tool]noon");
        template.Render(Called("", "\"{\\\"a\\\": 1.0}\"")).Text.ShouldBe($"[user]Time?[assistant](get_time {expected})[tool]noon");
    }

    [Fact]
    public void Arguments_that_are_not_JSON_reach_the_template_as_they_are() =>
        Create(Calls.Replace("ARGS", "{{ c.function.arguments | tojson }}")).Render(Called("", "\"not json\"")).Text.ShouldContain("(get_time \"not json\")");

    [Theory]
    [InlineData("{{ m.content }}")]
    [InlineData("{{ '' + m.content }}")]
    [InlineData("{% if m.content is none %}none{% endif %}{{ m.content | trim }}")]
    public void Null_content_beside_calls_becomes_empty_where_the_template_would_print_or_choke(string content)
    {
        var template = Create(Calls.Replace("{{ m.content }}", content));
        template.Capabilities.NullContent.ShouldBeFalse();
        template.Render(Called(null, "{}")).Text.ShouldBe("[user]Time?[assistant](get_time ARGS)[tool]noon");
    }

    [Fact]
    public void Null_content_stays_null_where_the_template_knows_it()
    {
        var template = Create(Calls.Replace("{{ m.content }}", "{% if m.content is none %}-{% else %}{{ m.content }}{% endif %}"));
        template.Capabilities.NullContent.ShouldBeTrue();
        template.Render(Called(null, "{}")).Text.ShouldContain("[assistant]-(get_time");
        template.Render([new("user", null)]).Text.ShouldBe("[user]");
    }

    [Fact]
    public void Empty_content_becomes_null_where_calls_are_only_rendered_beside_null()
    {
        var template = Create("{% for m in messages %}{% if m.tool_calls and m.content is none %}{{ m.tool_calls[0].function.arguments | tojson }}{% else %}{{ m.content }}{% endif %}{% endfor %}");
        template.Capabilities.NullContent.ShouldBeTrue();
        template.Render(Called("", "{}")).Text.ShouldBe("Time?{}noon");
        template.Render(Called("said", "{}")).Text.ShouldBe("Time?saidnoon");
    }

    [Fact]
    public void Content_is_wrapped_in_a_part_where_the_template_only_reads_parts()
    {
        var template = Create("{% for m in messages %}{% if m.content is not string %}{% for p in m.content %}<{{ p.type }}>{{ p.text }}{% endfor %}{% endif %}{% endfor %}");
        template.Capabilities.TypedContent.ShouldBeTrue();
        template.Render([new("user", "Hi")]).Text.ShouldBe("<text>Hi");
    }

    [Fact]
    public void Parallel_calls_are_told_from_single_ones()
    {
        const string refusing = "{% for m in messages if m.tool_calls %}{% if m.tool_calls | length > 1 %}{{ raise_exception('one') }}{% endif %}{% endfor %}";
        var calls = Calls.Replace("ARGS", "{{ c.function.arguments | tojson }}");
        Create(calls).Capabilities.ParallelToolCalls.ShouldBeTrue();
        Create(refusing + calls).Capabilities.ParallelToolCalls.ShouldBeFalse();
        Create(refusing + calls).Capabilities.ToolCalls.ShouldBeTrue();
        Create(Plain).Capabilities.ToolCalls.ShouldBeFalse();
    }

    [Fact]
    public void The_result_of_a_call_gets_its_name_and_id()
    {
        var template = Create("{% for m in messages if m.role == 'tool' %}{{ m.name }}/{{ m.tool_call_id }}={{ m.content }};{% endfor %}");
        template.Render(Called("", "{}")).Text.ShouldBe("get_time/call00001=noon;");
        template.Render([.. Called("", "{}").Select(m => m.Role == "tool" ? m with { Name = "own" } : m)]).Text.ShouldStartWith("own/");
    }

    [Fact]
    public void Thinking_is_switched_and_detected()
    {
        var template = Create(Plain + "{% if enable_thinking is defined and not enable_thinking %}<no-think>{% endif %}");
        template.Capabilities.Thinking.ShouldBeTrue();
        template.Render(Hello, new() { EnableThinking = false }).Text.ShouldEndWith("<no-think>");
        template.Render(Hello, new() { EnableThinking = true }).Text.ShouldNotContain("think");
        template.Render(Hello).Text.ShouldNotContain("think");
        Create(Plain).Capabilities.Thinking.ShouldBeFalse();
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("thinking")]
    [InlineData("reasoning")]
    public void Reasoning_goes_to_the_field_the_template_reads(string field)
    {
        var template = Create("{% for m in messages %}{{ m." + field + " or '' }}|{{ m.content }};{% endfor %}");
        template.Capabilities.Reasoning.ShouldBeTrue();
        template.Render([new("assistant", "A") { ReasoningContent = "R" }]).Text.ShouldBe("R|A;");
        Create(Plain).Capabilities.Reasoning.ShouldBeFalse();
    }

    [Fact]
    public void Extra_variables_and_the_clock_reach_the_template()
    {
        var template = Create("{{ strftime_now('%d %b %Y') }} {{ a }}{{ b }}{{ messages | length }}");
        var options = new ChatRenderOptions
        {
            Clock = FixedClock.Instance,
            Variables = new Dictionary<string, object?> { ["a"] = "in", ["b"] = new TrustedText("own"), ["messages"] = "replaced" },
        };
        var rendered = template.Render([new("user", "x")], options);
        rendered.Text.ShouldBe("02 Aug 2026 inown1");
        rendered.Segments.ShouldBe([new("02 Aug 2026 ", false), new("in", true), new("own1", false)]);
    }

    [Fact]
    public void Only_a_BOS_the_template_wrote_counts()
    {
        Create("{{ messages[0].content }}").Render([new("user", "<s>x")]).StartsWithBos.ShouldBeFalse();
        Create("<s>x").Render([]).StartsWithBos.ShouldBeTrue();
        ChatTemplate.Create(new() { Default = Plain }).Render(Hello).StartsWithBos.ShouldBeFalse();
    }

    [Theory]
    [InlineData("{{ raise_exception('never') }}")]
    [InlineData("{{ missing.x }}")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    public void A_template_that_always_fails_can_still_be_created_and_probed(string source)
    {
        var template = Create(source);
        template.Capabilities.Tools.ShouldBeFalse();
        Should.Throw<TemplateException>(() => template.Render(Hello));
    }

    [Fact]
    public void A_template_may_append_to_its_own_lists() =>
        Create("{% set l = [] %}{% for m in messages %}{% set _ = l.append(m.content) %}{% endfor %}{{ l | join('+') }}").Render(Hello).Text.ShouldBe("Be brief.+Hi");

    [Fact]
    public void What_the_template_refuses_is_reported_in_its_words() =>
        Should.Throw<TemplateRaisedException>(() => Create("\n{{ raise_exception('Roles must alternate') }}").Render(Hello)).ShouldSatisfyAllConditions(
            e => e.Reason.ShouldBe("Roles must alternate"), e => e.Line.ShouldBe(2), e => e.Message.ShouldContain("Roles must alternate"));

    [Fact]
    public void Text_beside_calls_joins_the_reasoning_where_a_template_takes_one_of_the_two()
    {
        // gpt-oss
        const string Strict = """
            {%- for m in messages %}{% if m.tool_calls %}{% if m.content and m.thinking %}{{ raise_exception('one of the two') }}{% endif -%}
            [{{ m.content or m.thinking }}]{{ m.tool_calls[0].function.name }}{{ m.tool_calls[0].function.arguments | tojson }};{% else %}{{ m.role }}:{{ m.content }};{% endif %}{% endfor %}
            """;
        var messages = Called("I look.", "{}");
        messages[1] = messages[1] with { ReasoningContent = "Hm." };
        Create(Strict).Render(messages, WithTool).Text.ShouldBe("user:Time?;[Hm.\n\nI look.]get_time{};tool:noon;");
        Create(Strict.Replace("raise_exception('one of the two')", "''")).Render(messages, WithTool).Text.ShouldBe("user:Time?;[I look.]get_time{};tool:noon;");
    }
}
