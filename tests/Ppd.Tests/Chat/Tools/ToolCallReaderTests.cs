using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Text and calls of replies, in the layouts of several families, in all the ways that models get them nearly right or wrong.</summary>
public sealed class ToolCallReaderTests
{
    public static readonly TheoryData<string, string, string> Replies = new()
    {
        // several, and text around them
        { SampleTemplates.Hermes, "Sure.\n<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {}}\n</tool_call>\n<tool_call>\n{\"name\": \"Weather_GetForecast\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>\n", "Sure.\n{Clock_Now {}}{Weather_GetForecast {\"city\":\"Rome\"}}" },
        { SampleTemplates.Hermes, "<tool_call>{\"name\":\"Clock_Now\",\"arguments\":{}}</tool_call> and now", "{Clock_Now {}} and now" },
        { SampleTemplates.Hermes, "\n\n<tool_call>{\"arguments\": {\"city\": \"</tool_call>\"}, \"name\": \"Weather_GetForecast\"}</tool_call>", "{Weather_GetForecast {\"city\":\"</tool_call>\"}}" },
        // other keys, missing parts, arguments as text
        { SampleTemplates.Hermes, "<tool_call>{\"name\": \"Clock_Now\"}</tool_call>", "{Clock_Now {}}" },
        { SampleTemplates.Hermes, "<tool_call>{\"name\": \"Clock_Now\", \"parameters\": null}", "{Clock_Now {}}" },
        { SampleTemplates.Hermes, "<tool_call>{\"type\": \"function\", \"function\": {\"name\": \"Weather_GetForecast\", \"arguments\": \"{\\\"city\\\": \\\"Rome\\\"}\"}}</tool", "{Weather_GetForecast {\"city\":\"Rome\"}}" },
        { SampleTemplates.Llama, "{\"name\": \"Weather_GetForecast\", \"parameters\": {\"city\": \"Rome\", \"days\": \"3\"}}", "{Weather_GetForecast {\"city\":\"Rome\",\"days\":3}}" },
        { SampleTemplates.Llama, "{\"parameters\": {}, \"name\": \"Clock_Now\"}", "{\"parameters\": {}, \"name\": \"Clock_Now\"}" },
        { SampleTemplates.Llama, "{ \"name\": \"Clock_Now\", \"parameters\": {}}", "{ \"name\": \"Clock_Now\", \"parameters\": {}}" },
        { SampleTemplates.Llama, "The call: {\"name\": \"Clock_Now\", \"parameters\": {}}", "The call: {\"name\": \"Clock_Now\", \"parameters\": {}}" },
        { SampleTemplates.Llama, "\n {\"name\": \"Clock_Now\", \"parameters\": {}}\n{\"name\": \"Clock_Now\", \"parameters\": {}}", "{Clock_Now {}}" },
        { SampleTemplates.Coder, "Hm\n<tool_call>\n<function=Weather_GetForecast>\n<parameter=city>\n  two\nlines \n</parameter>\n<parameter=exact>\nTrue\n</parameter>\n</function>\n</tool_call>", "Hm\n{Weather_GetForecast {\"city\":\"  two\\nlines \",\"exact\":true}}" },
        { SampleTemplates.Coder, "<function=Clock_Now>\n</function>", "{Clock_Now {}}" },
        { SampleTemplates.Coder, "<tool_call><function=Clock_Now></function></tool_call><tool_call><function=Clock_Now></function></tool_call>", "{Clock_Now {}}{Clock_Now {}}" },
        { SampleTemplates.Mistral, "[TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{}[TOOL_CALLS]Clock_Now[CALL_ID]abcdef124[ARGS] {}", "{Clock_Now {}}{Clock_Now {}}" },
        // names
        { SampleTemplates.Hermes, "<tool_call>{\"name\": \"functions.clock-now\", \"arguments\": {}}</tool_call>", "{Clock_Now {}}" },
        { SampleTemplates.Hermes, "<tool_call>{\"name\": \"Now\", \"arguments\": {\"zone\": 1}}</tool_call>", "{Clock_Now {\"zone\":1}}" },
        { SampleTemplates.Hermes, "<tool_call>{\"name\": \"fly\", \"arguments\": {\"to\": \"Rome\"}}</tool_call>", "{fly {\"to\":\"Rome\"}}" },
        // nothing of this is a call
        { SampleTemplates.Llama, "{\"name\": \"Bob\", \"age\": 3}", "{\"name\": \"Bob\", \"age\": 3}" },
        { SampleTemplates.Llama, "{\"city\": {\"name\": \"Rome\"}}", "{\"city\": {\"name\": \"Rome\"}}" },
        { SampleTemplates.Hermes, "a < b <tool <tool_cal", "a < b <tool <tool_cal" },
    };

    public static readonly TheoryData<string, string> Broken = new()
    {
        { SampleTemplates.Hermes, "Well <tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {\"a\": }}\n</tool_call> so" },
        { SampleTemplates.Hermes, "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {\"a\": 1" },
        { SampleTemplates.Hermes, "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": [1]}\n</tool_call>" },
        { SampleTemplates.Hermes, "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": \"now\"}\n</tool_call>" },
        { SampleTemplates.Hermes, "<tool_call>\n{\"name\": 3, \"arguments\": {}}\n</tool_call>" },
        { SampleTemplates.Hermes, "<tool_call>\n{'name': 'Clock_Now', 'arguments': {}}\n</tool_call>" },
        { SampleTemplates.Hermes, "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {\"a\": \"\\ud800\"}}\n</tool_call>" },
        { SampleTemplates.Hermes, "<tool_call>\nClock_Now()\n</tool_call>" },
        { SampleTemplates.Hermes, "  <tool_call>" },
        { SampleTemplates.Llama, "{\"name\": \"Clock_Now\", \"parameters\": {\"a\": 1}" },
        { SampleTemplates.Coder, "<tool_call>\n<function=Clock_Now>\n<parameter=a>\n1\n</function>\n</tool_call>" },
        { SampleTemplates.Coder, "<tool_call>\n<function=Clock_Now>\n<parameter=a>\n1\n</parameter>\n" },
        { SampleTemplates.Mistral, "[TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{\"a\": 01}" },
        { SampleTemplates.Mistral, "[TOOL_CALLS]Clock Now" },
    };

    [Theory, MemberData(nameof(Replies), DisableDiscoveryEnumeration = true)]
    public void Calls_are_read_however_the_reply_is_cut(string template, string reply, string expected) =>
        Reply.ReadCutEverywhere(Reply.Prompt(template), reply).ShouldBe(expected);

    [Theory, MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_read_as_a_call_is_text_to_the_last_character(string template, string reply) =>
        Reply.ReadCutEverywhere(Reply.Prompt(template), reply).ShouldBe(reply);

    [Fact]
    public void Call_behind_a_broken_one_is_read()
    {
        const string BrokenCall = "<tool_call>\n{\"name\": \"Clock_Now\", oh}\n</tool_call>\n";
        Reply.ReadCutEverywhere(Reply.Prompt(SampleTemplates.Hermes), BrokenCall + "<tool_call>\n{\"name\": \"Clock_Now\"}\n</tool_call>")
            .ShouldBe(BrokenCall + "{Clock_Now {}}");
    }

    [Fact]
    public void Text_that_cannot_become_a_call_is_not_held_back()
    {
        var reader = Reply.Reader(Reply.Prompt(SampleTemplates.Hermes));
        Pushed(reader, "Hello <").ShouldBe("Hello ");
        Pushed(reader, "tool").ShouldBe("");
        Pushed(reader, "s> and").ShouldBe("<tools> and");
        Pushed(reader, " <tool_call>\n").ShouldBe(" ");
        Pushed(reader, "what").ShouldBe("<tool_call>\nwhat");
        Pushed(reader, " <tool_call>{\"name\": \"Clock_Now\", \"arguments\": {}").ShouldBe(" ");
        Pushed(reader, "}").ShouldBe("{Clock_Now {}}", "a call is complete with its last brace");
    }

    [Fact]
    public void Json_that_is_no_call_is_not_held_back()
    {
        var reader = Reply.Reader(Reply.Prompt(SampleTemplates.Llama));
        Pushed(reader, "{\"na").ShouldBe("");
        Pushed(reader, "tion\": ").ShouldBe("{\"nation\": ");
    }

    [Theory]
    [InlineData("Weather_GetForecast", "Weather_GetForecast")]
    [InlineData("weather-getforecast", "Weather_GetForecast")]
    [InlineData("Weather.get_forecast", "Weather_GetForecast")]
    [InlineData("GetForecast", "Weather_GetForecast")]
    [InlineData("functions.Weather_GetForecast", "Weather_GetForecast")]
    [InlineData("Send", "Mail_Send", "Mail_Send", "Home_Lights")]
    [InlineData("Send", null, "Mail_Send", "Chat_Send")]
    [InlineData("mail_send", null, "Mail_Send", "MailSend")]
    [InlineData("MailSend", "MailSend", "Mail_Send", "MailSend")]
    [InlineData("Forecast", null)]
    [InlineData("_-", null)]
    public void Names_match_when_exactly_one_function_can_be_meant(string written, string? expected, params string[] names)
    {
        var tools = new ToolSet(names.Length == 0 ? [Reply.Weather, Reply.Clock] : names.Select(name => Reply.Function(name, "", "{}")));
        tools.Find(written).ShouldBe(expected);
    }

    [Fact]
    public void First_call_ends_a_reply_that_may_hold_only_one()
    {
        const string Two = "<tool_call>{\"name\": \"Clock_Now\"}</tool_call><tool_call>{\"name\": \"Clock_Now\"}</tool_call>";
        var one = Reply.Reader(Reply.Prompt(SampleTemplates.Hermes, Reply.Options(several: false)));
        Reply.Read(one, [Two]).ShouldBe("{Clock_Now {}}");
        one.IsClosed.ShouldBeTrue();
        var two = Reply.Reader(Reply.Prompt(SampleTemplates.Hermes));
        Reply.Read(two, [Two]).ShouldBe("{Clock_Now {}}{Clock_Now {}}");
        two.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public void Ids_are_nine_letters_and_digits_unlike_each_other_the_same_for_the_same_prompt_and_the_models_own_where_it_gives_one()
    {
        var prompt = Reply.Prompt(SampleTemplates.Mistral);
        string[] Ids(string text)
        {
            var reader = Reply.Reader(prompt);
            reader.Push(text);
            reader.Finish();
            return [.. reader.Take().OfType<FunctionCallContent>().Select(call => call.CallId)];
        }
        const string One = "[TOOL_CALLS]Clock_Now[CALL_ID]abcdef123[ARGS]{}";
        Ids(One).ShouldBe(["abcdef123"]);
        var three = Ids(One + One + "[TOOL_CALLS]Clock_Now[CALL_ID]0[ARGS]{}");
        three.Distinct().Count().ShouldBe(3);
        three.ShouldAllBe(id => id.Length == 9 && id.All(char.IsAsciiLetterOrDigit));
        Ids(One + One + "[TOOL_CALLS]Clock_Now[CALL_ID]0[ARGS]{}").ShouldBe(three);
        new CallIds([1]).Next().ShouldNotBe(new CallIds([2]).Next());
    }

    [Theory]
    [InlineData("""{"a": "5"}""", """{"type": "integer"}""", "5")]
    [InlineData("""{"a": "5.5"}""", """{"type": "integer"}""", "\"5.5\"")]
    [InlineData("""{"a": "True"}""", """{"type": "boolean"}""", "true")]
    [InlineData("""{"a": 5}""", """{"type": "string"}""", "\"5\"")]
    [InlineData("""{"a": "5"}""", """{"type": "string"}""", "\"5\"")]
    [InlineData("""{"a": "5"}""", "{}", "\"5\"")]
    [InlineData("""{"a": "[1, 'x']"}""", """{"type": "array"}""", "[1,\"x\"]")]
    [InlineData("""{"a": "5"}""", """{"anyOf": [{"type": "null"}, {"type": "number"}]}""", "5")]
    [InlineData("""{"A": null}""", """{"type": ["string", "null"]}""", "null")]
    public void Arguments_get_the_type_of_their_schema_where_they_can_be_read_so(string arguments, string schema, string expected)
    {
        var tools = new ToolSet([Reply.Function("f", "", $$$"""{"type": "object", "properties": {"a": {{{schema}}} } }""")]);
        var value = tools.Arguments("f", ParsedCall.OfJson("f", null, System.Text.Json.JsonElement.Parse(arguments)))["a"];
        System.Text.Json.JsonSerializer.Serialize(value).Replace("\\u0027", "'").ShouldBe(expected);
    }

    [Fact]
    public void Tools_that_are_no_functions_and_names_given_twice_are_refused()
    {
        Should.Throw<NotSupportedException>(() => new ToolSet([new HostedWebSearchTool()])).Message.ShouldContain("HostedWebSearchTool");
        Should.Throw<ArgumentException>(() => new ToolSet([Reply.Clock, Reply.Clock])).Message.ShouldContain("Clock_Now");
    }

    [Fact]
    public void Definitions_are_free_of_what_only_programs_read()
    {
        var definition = new ToolSet([Reply.Function("f", "Does it.", """{"$schema": "x", "title": "t", "condition": "Does it.", "type": "object", "properties": {"title": {"type": "string", "description": "Kept."}}}""")]).Definitions.Single();
        definition.GetRawText().ShouldBe("""{"type":"function","function":{"name":"f","description":"Does it.","parameters":{"type":"object","properties":{"title":{"type":"string","description":"Kept."}}}}}""");
    }

    static string Pushed(Ppd.Chat.ReplyReader reader, string text)
    {
        reader.Push(text);
        return Reply.Line(reader.Take());
    }
}
