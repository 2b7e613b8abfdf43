using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat;
using Ppd.Chat.Tools;
using Ppd.Grammars;
using Ppd.Templates;
using Ppd.Testing;
using Ppd.Tests.Chat.Schemas;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Grammars of calls: they allow what a format writes, and everything they allow is read as calls that satisfy their schemas.</summary>
public sealed class CallGrammarTests
{
    const int Texts = 120;

    internal const string Schema = """
        {"type": "object", "properties": {
         "city": {"type": "string", "maxLength": 8}, "nights": {"type": "integer", "minimum": 1, "maximum": 30}, "kind": {"enum": ["single", "double", "it's \"<b>\"", "7"]},
         "breakfast": {"type": "boolean"}, "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{1,3}'?$"}, "from": {"type": "string", "format": "date"},
         "price": {"type": "number", "minimum": 0, "maximum": 99.5}, "beds": {"type": "array", "items": {"enum": ["big", "small"]}, "maxItems": 2},
         "guest": {"$ref": "#/$defs/guest"}, "note": {"type": ["string", "null"], "maxLength": 4}, "floor": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"const": "roof"}]}},
         "required": ["city", "nights", "guest"],
         "$defs": {"guest": {"type": "object", "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 4}, "vip": {"type": "boolean"}}, "required": ["name"]}}}
        """;

    internal static readonly AIFunctionDeclaration Book = Reply.Function("Hotel_Book", "Books a room.", Schema);

    /// <summary>In the manner of LFM2.</summary>
    const string Python = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% if m.tool_calls %}<|calls|>[{% for call in m.tool_calls %}{{ call.function.name }}({% for name, value in call.function.arguments | items %}{{ name }}={% if value is string %}'{{ value }}'{% else %}{{ value }}{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}){% if not loop.last %}, {% endif %}{% endfor %}]<|end_calls|>{% endif %}<|eot|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    /// <summary>In the manner of Gemma 4.</summary>
    const string Gemma = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls %}<|tool_call>call:{{ call.function.name }}{{ '{' }}{% for name, value in call.function.arguments | items %}{{ name }}:{% if value is string %}<|"|>{{ value }}<|"|>{% else %}{{ value }}{% endif %}{% if not loop.last %},{% endif %}{% endfor %}{{ '}' }}<tool_call|>{% endfor %}<|eot|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    /// <summary>In the manner of DeepSeek V3.2: tags say whether a value is a text.</summary>
    const string Typed = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% if m.tool_calls %}<calls>{% for call in m.tool_calls %}<invoke name="{{ call.function.name }}">
        {% for name, value in call.function.arguments | items %}<parameter name="{{ name }}" string="{{ 'true' if value is string else 'false' }}">{{ value if value is string else value | tojson }}</parameter>
        {% endfor %}</invoke>
        {% endfor %}</calls>{% endif %}<|eot|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    internal static readonly string[] Templates = [SampleTemplates.Hermes, SampleTemplates.Llama, SampleTemplates.Coder, SampleTemplates.Mistral, SampleTemplates.Plain, Python, Gemma, Typed];

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, Templates.Length), -1];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Everything_that_is_allowed_where_a_call_is_required_is_read_as_calls_that_satisfy_their_schemas(int sample)
    {
        var prompt = Reply.Prompt(Template(sample), Options(ChatToolMode.RequireAny));
        Check(prompt, prompt.Layout.Calls!.Family).ShouldBeGreaterThan(Texts / 4);
    }

    [Fact]
    public void So_it_is_for_every_published_template()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        var (checkedTemplates, texts) = (0, 0);
        foreach (var name in TemplateData.Names)
        {
            var (template, layout) = (TemplateData.Load(name), TemplateData.Layout(name));
            if (layout.Calls == null || Prompt(template, layout, Options(ChatToolMode.RequireAny)) is not { } prompt) continue;
            texts += Check(prompt, name);
            checkedTemplates++;
        }
        checkedTemplates.ShouldBeGreaterThan(50);
        texts.ShouldBeGreaterThan(checkedTemplates * Texts / 4);
        TestContext.Current.TestOutputHelper!.WriteLine($"{texts} replies of {checkedTemplates} templates");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_a_format_writes_is_allowed_and_other_functions_and_arguments_are_not(int sample)
    {
        var tools = Reply.Options();
        var required = Reply.Prompt(Template(sample), Reply.Options(ChatToolMode.RequireAny));
        CheckWritten(required, Reply.Prompt(Template(sample), tools), required.Layout.Calls!.Family);
    }

    [Fact]
    public void So_it_is_with_every_published_template()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        var checkedTemplates = 0;
        foreach (var name in TemplateData.Names)
        {
            var (template, layout) = (TemplateData.Load(name), TemplateData.Layout(name));
            if (layout.Calls == null || Prompt(template, layout, Reply.Options(ChatToolMode.RequireAny)) is not { } required) continue;
            CheckWritten(required, Prompt(template, layout, Reply.Options())!, name);
            checkedTemplates++;
        }
        checkedTemplates.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void One_function_may_be_required_and_one_call()
    {
        const string Clock = "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {}}\n</tool_call>";
        var states = States(Reply.Prompt(SampleTemplates.Hermes, Reply.Options(ChatToolMode.RequireSpecific("Clock_Now"))));
        foreach (var text in new[] { Clock, Clock + Clock }) states.Matches(text).ShouldBeTrue(text);
        foreach (var text in new[] { "", "Hm. " + Clock, Clock.Replace("Clock_Now", "Weather_GetForecast"), Clock.Replace("{}", "{\"zone\": 1}") }) states.Matches(text).ShouldBeFalse(text);
        States(Reply.Prompt(SampleTemplates.Hermes, Reply.Options(ChatToolMode.RequireAny, several: false))).Matches(Clock + Clock).ShouldBeFalse();
    }

    [Fact]
    public void Thoughts_come_before_a_required_call_and_may_speak_of_calls()
    {
        const string Clock = "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {}}\n</tool_call>";
        var states = States(Reply.Prompt(SampleTemplates.Hermes, Reply.Options(ChatToolMode.RequireAny)));
        states.Matches($"<think>\nA <tool_call> or </thin?\n</think>\n\n{Clock}").ShouldBeTrue();
        foreach (var text in new[] { "<think>\nHm.\n</think>\n\nNo.", "<think>\nHm.", $"<think>Hm.{Clock}" }) states.Matches(text).ShouldBeFalse(text);
        var inside = States(Reply.Prompt(SampleTemplates.ThinksAtOnce, Reply.Options(ChatToolMode.RequireAny)));
        inside.Matches($"Hm.\n</think>\n\n{Clock}").ShouldBeTrue();
        inside.Matches(Clock).ShouldBeFalse();
        var free = States(Reply.Prompt(SampleTemplates.ThinksAtOnce, Reply.Options()));
        foreach (var text in new[] { "Hm.", "A <tool_call>? </think>\n\nWell.", $"Hm.</think>Let me see. {Clock} So." }) free.Matches(text).ShouldBeTrue(text);
        free.Matches("Hm.</think><tool_call>no").ShouldBeFalse();
    }

    [Fact]
    public void Answers_of_a_format_come_behind_thoughts_and_beside_calls()
    {
        var schema = JsonElement.Parse("""{"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}""");
        const string Clock = "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {}}\n</tool_call>", Json = "{\"ok\": true}";
        GrammarStates Of(string template, ChatOptions options, AnswerFormat answer) => new(ReplyGrammar.Of(Reply.Prompt(template, options), answer, Never)!.Grammar);
        var plain = Of(SampleTemplates.Hermes, new ChatOptions(), new AnswerFormat(schema, null));
        foreach (var text in new[] { Json, $"<think>Is it?\n</think>\n\n{Json}" }) plain.Matches(text).ShouldBeTrue(text);
        foreach (var text in new[] { Clock, $"Yes. {Json}", "<think>Hm.", "<think>Hm.</think>Yes." }) plain.Matches(text).ShouldBeFalse(text);
        var tools = Of(SampleTemplates.Hermes, Reply.Options(), new AnswerFormat(schema, null));
        foreach (var text in new[] { Json, Clock, $"<think>Hm.\n</think>\n\n{Clock}" }) tools.Matches(text).ShouldBeTrue(text);
        tools.Matches($"Let me see. {Clock}").ShouldBeFalse();
        var grammar = Of(SampleTemplates.ThinksAtOnce, Reply.Options(), new AnswerFormat(null, "root ::= \"yes\" | text\ntext ::= \"no\""));
        foreach (var text in new[] { "Hm.</think>\n\nyes", "Hm.</think>\n\nno", $"Hm.</think>\n\n{Clock}" }) grammar.Matches(text).ShouldBeTrue(text);
        grammar.Matches("yes").ShouldBeFalse();
        var channels = Of(SampleTemplates.Harmony, Reply.Options(), new AnswerFormat(schema, null));
        const string Thoughts = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant";
        foreach (var text in new[] { $"<|channel|>final<|message|>{Json}", $"{Thoughts}<|channel|>final<|message|>{Json}", $"{Thoughts}<|channel|>commentary to=functions.Clock_Now <|constrain|>json<|message|>{{}}" })
            channels.Matches(text).ShouldBeTrue(text);
        channels.Matches($"{Thoughts}<|channel|>final<|message|>Yes.").ShouldBeFalse();
    }

    [Fact]
    public void Channels_hold_calls_to_their_schemas_whichever_side_the_recipient_is_on()
    {
        var states = States(Reply.Prompt(SampleTemplates.Harmony, Reply.Options()));
        const string Thoughts = "<|channel|>analysis<|message|>I could write to=functions.Nobody<|end|><|start|>assistant";
        foreach (var text in new[] { $"{Thoughts}<|channel|>final<|message|>Hello", " to=functions.Clock_Now<|channel|>commentary json<|message|>{}", $"{Thoughts}<|channel|>commentary to=functions.Clock_Now <|constrain|>json<|message|>{{}}",
            $"{Thoughts} to=functions.Weather_GetForecast<|channel|>commentary json<|message|>{{\"city\": \"Rome\"}}" })
            states.Matches(text).ShouldBeTrue(text);
        foreach (var text in new[] { " to=functions.Nobody<|channel|>commentary json<|message|>{}", $"{Thoughts}<|channel|>commentary to=functions.Weather_GetForecast <|constrain|>json<|message|>{{}}" })
            states.Matches(text).ShouldBeFalse(text);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_no_grammar_can_guarantee_is_left_open_for_that_argument_and_told(int sample)
    {
        var strict = Reply.Function("Strict", "s", """{"type": "object", "properties": {"n": {"type": "integer", "maximum": 3, "minimum": 0}, "list": {"type": "array", "uniqueItems": true}}, "required": ["n"]}""");
        var options = new ChatOptions { Tools = [strict, Reply.Clock], ToolMode = ChatToolMode.RequireAny, AllowMultipleToolCalls = false };
        List<string> told = [];
        var prompt = Reply.Prompt(Template(sample), options);
        var grammar = ReplyGrammar.Of(prompt, null, (name, error) => told.Add($"{name} {error.Keyword}"))!.Grammar;
        told.ShouldBe(["Strict uniqueItems"]);
        string Written(string arguments) => Write(prompt.Layout.Calls!, new TemplateToolCall("abcdef123", "Strict", JsonElement.Parse(arguments)));
        var states = new GrammarStates(grammar);
        states.Matches(Written("""{"n": 2, "list": [1, 1]}""")).ShouldBeTrue(Written("""{"n": 2, "list": [1, 1]}"""));
        states.Matches(Written("""{"n": 7}""")).ShouldBeFalse();
    }

    static string Template(int sample) => sample < 0 ? SampleTemplates.Harmony : Templates[sample];

    internal static ChatOptions Options(ChatToolMode mode) => new() { Tools = [Book, Reply.Clock], ToolMode = mode };

    static GrammarStates States(ChatPrompt prompt) => new(ReplyGrammar.Of(prompt, null, Never)!.Grammar);

    internal static void Never(string function, PpdSchemaException error) => throw error;

    // The number of texts that were read.
    static int Check(ChatPrompt prompt, string what)
    {
        var states = States(prompt);
        var random = new Random(prompt.Layout.Calls!.Close.Length);
        var count = 0;
        for (var i = 0; i < Texts; i++)
        {
            if (RandomText.Draw(states, random, 1500, prompt.StartsInReasoning ? $"Hm.{prompt.Layout.Reasoning!.CloseText}" : "") is not { } text) continue;
            CheckReply(prompt, text, what);
            count++;
        }
        return count;
    }

    /// <summary>That a reply consists of calls that satisfy their schemas.</summary>
    internal static void CheckReply(ChatPrompt prompt, string text, string what)
    {
        var reader = Reply.Reader(prompt);
        reader.Push(text);
        reader.Finish();
        reader.Failure.ShouldBeNull($"{what}: {text}");
        var contents = reader.Take().Where(content => content is not TextReasoningContent).ToArray();
        contents.ShouldNotBeEmpty(text);
        foreach (var content in contents)
        {
            var call = content.ShouldBeOfType<FunctionCallContent>($"{what}: {text}");
            var schema = prompt.Tools!.Tools.Schema(call.Name);
            new SchemaValidator(schema).IsValid(JsonSerializer.SerializeToElement(call.Arguments)).ShouldBeTrue($"{what}: {text} was read as {JsonSerializer.Serialize(call.Arguments)}");
        }
    }

    static void CheckWritten(ChatPrompt required, ChatPrompt free, string what)
    {
        var format = required.Layout.Calls!;
        var text = Write(format, new TemplateToolCall("abcdef123", "Weather_GetForecast", JsonElement.Parse("""{"city": "Saint-Étienne \"\\ <b>", "days": 3, "exact": true, "places": [1, "two"], "filter": {"a": {"b": null}}, "note": "x"}""")));
        var thoughts = required.StartsInReasoning ? $"Hm.{required.Layout.Reasoning!.CloseText}" : "";
        var (states, auto) = (States(required), States(free));
        states.Matches(thoughts + text).ShouldBeTrue($"{what}: {text}");
        var words = format.InChannels || format.Open.Trim().Length == 0 ? "" : "Let me see. ";
        auto.Matches(thoughts + words + text).ShouldBeTrue($"{what}: {text}");
        foreach (var wrong in new[] { text.Replace("GetForecast", "GetNothing"), text.Replace("city", "town") })
        {
            states.Matches(thoughts + wrong).ShouldBeFalse($"{what}: {wrong}");
            auto.Matches(thoughts + words + wrong).ShouldBeFalse($"{what}: {wrong}");
        }
    }

    // without the token that ends the message in channels
    static string Write(ToolCallFormat format, TemplateToolCall call)
    {
        var text = string.Concat(format.Write([call]).Select(piece => piece.Text));
        return format.InChannels ? text[..^format.Close.Length] : text.TrimStart();
    }

    static ChatPrompt? Prompt(ChatTemplate template, ReplyLayout layout, ChatOptions options)
    {
        try
        {
            return Reply.Prompt(template, layout, ToolRequest.From(options));
        }
        catch (TemplateException)
        {
            return null;    // it refuses a conversation of one message
        }
    }
}
