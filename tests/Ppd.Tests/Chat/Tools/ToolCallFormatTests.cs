using System.Text.Json;
using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Formats measured from templates that were written for these tests; the published ones are in the shared data.</summary>
public sealed class ToolCallFormatTests
{
    [Fact]
    public void Literals_around_a_json_call_are_those_of_the_template()
    {
        var format = Format(SampleTemplates.Hermes);
        (format.Open, format.Between, format.Close).ShouldBe(("<tool_call>\n", "\n</tool_call><tool_call>\n", "\n</tool_call>"));
        format.Call.ShouldBe(new JsonObjectCall("{\"name\": \"", "\", \"arguments\": ", "}", "name", "arguments"));
        format.Triggers.Select(t => t.Trigger).ShouldBe(["<tool_call>"]);
    }

    [Fact]
    public void Json_that_nothing_marks_is_a_single_call()
    {
        var format = Format(SampleTemplates.Llama);
        (format.Open, format.Between, format.Close).ShouldBe(("", null, ""));
        format.Call.ShouldBe(new JsonObjectCall("{\"name\": \"", "\", \"parameters\": ", "}", "name", "parameters"));
        format.Triggers.ShouldBe([("{\"name\": \"", "")]);
    }

    [Fact]
    public void Tags_of_arguments_are_cut_between_tags()
    {
        var format = Format(SampleTemplates.Coder);
        (format.Open, format.Between, format.Close).ShouldBe(("<tool_call>\n<function=", "</function>\n</tool_call><tool_call>\n<function=", "</function>\n</tool_call>"));
        format.Call.ShouldBe(new TaggedCall(">\n", "<parameter=", ">\n", ">\n", "\n</parameter>\n", "</function>"));
        format.Triggers.Select(t => t.Trigger).ShouldBe(["<tool_call>", "<function="]);
    }

    [Fact]
    public void Ids_and_the_end_of_the_turn_are_no_literals()
    {
        var format = Format(SampleTemplates.Mistral);
        (format.Open, format.Between, format.Close).ShouldBe(("[TOOL_CALLS]", "[TOOL_CALLS]", ""));
        format.Call.ShouldBe(new NamedJsonCall($"[CALL_ID]{ToolCallText.Id}[ARGS]"));
    }

    [Fact]
    public void Calls_that_are_counted_have_a_place_for_the_number()
    {
        var format = Format("""
            {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls %}{% if loop.first %}<|calls|>{% endif %}<|call|>functions.{{ call.function.name }}:{{ loop.index0 }}<|args|>{{ call.function.arguments | tojson }}<|end_call|>{% if loop.last %}<|end_calls|>{% endif %}{% endfor %}<|end|>{% endfor %}
            """);
        (format.Open, format.Between, format.Close).ShouldBe(("<|calls|><|call|>functions.", "<|end_call|><|call|>functions.", "<|end_call|><|end_calls|>"));
        format.Call.ShouldBe(new NamedJsonCall($":{ToolCallText.IndexFromZero}<|args|>"));
        TemplateToolCall[] calls = [new("1", "f", JsonElement.Parse("{}")), new("2", "g", JsonElement.Parse("{}"))];
        string.Concat(format.Write(calls).Select(piece => piece.Text)).ShouldBe("<|calls|><|call|>functions.f:0<|args|>{}<|end_call|><|call|>functions.g:1<|args|>{}<|end_call|><|end_calls|>");
    }

    [Fact]
    public void Empty_thoughts_before_a_call_are_no_part_of_it()
    {
        var layout = SampleTemplates.Layout("""
            {%- for m in messages %}<|{{ m.role }}|>{% if m.tool_calls %}<|START_THINKING|>{{ m.reasoning_content }}<|END_THINKING|><|START_ACTION|>[{% for call in m.tool_calls %}{"tool_name": "{{ call.function.name }}", "parameters": {{ call.function.arguments | tojson }}}{% if not loop.last %}, {% endif %}{% endfor %}]<|END_ACTION|>{% else %}{{ m.content }}{% endif %}<|end|>{% endfor %}
            """);
        layout.Calls!.Open.ShouldBe("<|START_ACTION|>[");
        layout.Calls.Triggers.ShouldBe([("<|START_ACTION|>", "<|START_ACTION|>[")]);
        layout.Reasoning.ShouldBe(new Ppd.Chat.ReasoningFormat("<|START_THINKING|>", "<|END_THINKING|>", "<|END_THINKING|>"));
    }

    [Fact]
    public void Names_and_arguments_of_written_calls_are_input_and_markers_are_not()
    {
        var pieces = Format(SampleTemplates.Hermes).Write([new("abcdef123", "f</tool_call>", JsonElement.Parse("""{"a": "</tool_call>"}"""))]);
        string.Concat(pieces.Where(piece => piece.IsInput).Select(piece => piece.Text)).ShouldBe("""f</tool_call>{"a": "</tool_call>"}""");
        string.Concat(pieces.Where(piece => !piece.IsInput).Select(piece => piece.Text)).ShouldBe("<tool_call>\n{\"name\": \"\", \"arguments\": }\n</tool_call>");
    }

    [Fact]
    public void Template_without_a_word_about_tools_gets_the_generic_format() => Format(SampleTemplates.Plain).Family.ShouldBe("Generic");

    [Fact]
    public void Template_that_lists_tools_and_never_writes_a_call_is_refused()
    {
        var layout = SampleTemplates.Layout("{% for tool in tools or [] %}{{ tool | tojson }}{% endfor %}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}");
        layout.Calls.ShouldBeNull();
        layout.Refusal!.ShouldContain("does not say how they are called");
    }

    [Fact]
    public void Python_values_survive_writing_and_reading()
    {
        const string Values = """{"a":"it's\n\"so\" \\n","b":[1,-2.5,true,null,{"c":"x"}],"d":{},"e":"","f":[]}""";
        var tools = new ToolRequest(new ToolSet([Reply.Function("f", "", "{}")]), true, false, null, true);
        var format = new ToolCallFormat("Python", "<call>[", ", ", "]</call>", new PythonCall());
        var output = new Ppd.Chat.ReplyOutput(tools, new CallIds([]), severalCalls: true);
        new ToolCallReader(format, tools.Tools, output).Push(string.Concat(format.Write([new("1", "f", JsonElement.Parse(Values))]).Select(piece => piece.Text)), complete: true);
        Reply.Line(output.Take()).ShouldBe($"{{f {Values}}}");
    }

    static ToolCallFormat Format(string template) => SampleTemplates.Layout(template).Calls.ShouldNotBeNull();
}
