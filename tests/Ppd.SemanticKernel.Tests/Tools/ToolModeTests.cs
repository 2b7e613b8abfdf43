using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>Modes of <see cref="ChatOptions"/>, on the client itself: nothing is invoked.</summary>
public sealed class ToolModeTests
{
    const string Call = "<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {\"zone\": \"UTC\"}}\n</tool_call>";

    static readonly AITool Clock = AIFunctionFactory.Create((string zone) => zone, "Clock_Now", "Tells the time.").AsDeclarationOnly();
    static readonly AITool Weather = AIFunctionFactory.Create((string city) => city, "Weather", "Tells the weather.").AsDeclarationOnly();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Auto_reads_calls_and_none_returns_their_text()
    {
        using var scripted = new ScriptedKernel("Well.\n" + Call);
        var auto = await Ask(scripted, ChatToolMode.Auto);
        auto.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem().Name.ShouldBe("Clock_Now");
        (auto.Text, auto.FinishReason).ShouldBe(("Well.\n", ChatFinishReason.ToolCalls));
        var none = await Ask(scripted, ChatToolMode.None);
        none.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldBeEmpty();
        none.FinishReason.ShouldBe(ChatFinishReason.Stop);
        none.Text.ShouldStartWith("Well.");
        scripted.Model.RenderPrompt([new(ChatRole.User, "a")], Options(ChatToolMode.None)).ShouldContain("Clock_Now", customMessage: "the functions are shown in every mode");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_call_is_the_reply_whatever_the_model_would_rather_say(bool streamed)
    {
        using var scripted = new ScriptedKernel(["No idea.\n" + Call], [], WithoutThoughts);
        var options = Options(ChatToolMode.RequireSpecific("Clock_Now"));
        options.MaxOutputTokens = 2000;
        options.Tools = [AIFunctionFactory.CreateDeclaration("Clock_Now", "Tells the time.", System.Text.Json.JsonElement.Parse("""{"type": "object", "properties": {"zone": {"enum": ["CET", "UTC"]}}, "required": ["zone"]}""")), Weather];
        var response = streamed
            ? (await scripted.Client.GetStreamingResponseAsync("a", options, Cancel).ToListAsync(Cancel)).ToChatResponse()
            : await scripted.Client.GetResponseAsync("a", options, Cancel);
        var calls = response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ToArray();
        calls.ShouldNotBeEmpty();
        calls.ShouldAllBe(call => call.Name == "Clock_Now" && (call.Arguments!["zone"]!.ToString() == "CET" || call.Arguments["zone"]!.ToString() == "UTC"));
        (response.Text, response.FinishReason).ShouldBe(("", ChatFinishReason.ToolCalls));
    }

    [Fact]
    public async Task Required_call_comes_behind_thoughts()
    {
        using var scripted = new ScriptedKernel("<think>\nWhich zone?\n</think>\n\n" + Call);
        var response = await Ask(scripted, ChatToolMode.RequireAny);
        response.Messages[0].Contents.OfType<TextReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("Which zone?");
        response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem().Arguments!["zone"]!.ToString().ShouldBe("UTC");
    }

    [Fact]
    public async Task Answer_of_a_format_comes_behind_thoughts_and_a_call_may_take_its_place()
    {
        var format = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse("""{"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}"""));
        using var scripted = new ScriptedKernel("<think>Hm.</think>\n\n{\"ok\": true}", Call);
        var options = Options(ChatToolMode.Auto);
        options.ResponseFormat = format;
        var answer = await scripted.Client.GetResponseAsync("a", options, Cancel);
        (answer.Text, answer.FinishReason).ShouldBe(("{\"ok\": true}", ChatFinishReason.Stop));
        answer.Messages[0].Contents.OfType<TextReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("Hm.");
        (await scripted.Client.GetResponseAsync("a", new ChatOptions { Temperature = 0, ResponseFormat = format }, Cancel)).Text.ShouldBe("{\"ok\": true}");
        using var calling = new ScriptedKernel(Call);
        (await calling.Client.GetResponseAsync("a", options, Cancel)).FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task Required_call_that_is_cut_off_is_a_typed_error_and_counted_as_one()
    {
        using var scripted = new ScriptedKernel(Call);
        ConcurrentQueue<object?> outcomes = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "ppd.request.duration") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary();
            if (typeof(PpdToolCallException).FullName!.Equals(all.GetValueOrDefault("error.type"))) outcomes.Enqueue(all["ppd.request.outcome"]);
        });
        listener.Start();
        var options = Options(ChatToolMode.RequireAny);
        options.MaxOutputTokens = 8;
        var error = await Should.ThrowAsync<PpdToolCallException>(() => scripted.Client.GetResponseAsync("a", options, Cancel));
        Call.ShouldStartWith(error.Reply);
        error.Message.ShouldContain("A call of a function was required");
        await Should.ThrowAsync<PpdToolCallException>(async () => await scripted.Client.GetStreamingResponseAsync("a", options, Cancel).ToListAsync(Cancel));
        outcomes.ShouldBe(["failed", "failed"]);
    }

    [Fact]
    public async Task Required_function_that_is_not_there_is_refused()
    {
        using var scripted = new ScriptedKernel("a");
        (await Should.ThrowAsync<ArgumentException>(() => Ask(scripted, ChatToolMode.RequireSpecific("Nobody")))).Message.ShouldContain("'Nobody'");
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Second_call_is_generated_only_where_several_are_allowed(bool several, int calls)
    {
        using var scripted = new ScriptedKernel(
            ["<tool_call>{\"name\": \"Clock_Now\", \"arguments\": {\"zone\": \"UTC\"}};{\"name\": \"Weather\", \"arguments\": {\"city\": \"Rome\"}}</tool_call>"], [],
            """
            {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
            {%- for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}{% if m.tool_calls %}<tool_call>{% for call in m.tool_calls %}{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}{% if not loop.last %};{% endif %}{% endfor %}</tool_call>{% endif %}<|im_end|>{% endfor %}
            {%- if add_generation_prompt %}<|im_start|><|round_0|>{% endif %}
            """);
        var options = Options(ChatToolMode.Auto);
        options.AllowMultipleToolCalls = several;
        var response = await scripted.Client.GetResponseAsync("a", options, Cancel);
        response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().Count().ShouldBe(calls);
        response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task Call_cut_off_by_the_token_limit_is_text()
    {
        using var scripted = new ScriptedKernel(Call);
        var options = Options(ChatToolMode.Auto);
        options.MaxOutputTokens = 6;
        var response = await scripted.Client.GetResponseAsync("a", options, Cancel);
        response.FinishReason.ShouldBe(ChatFinishReason.Length);
        response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldBeEmpty();
        Call.ShouldStartWith(response.Text);
        response.Text.ShouldNotBeEmpty();
    }

    const string WithoutThoughts = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls %}<tool_call>{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}</tool_call>{% endfor %}{% endfor %}
        {%- if add_generation_prompt %}<|assistant|><|round_0|>{% endif %}
        """;

    static ChatOptions Options(ChatToolMode mode) => new() { Temperature = 0, Tools = [Clock, Weather], ToolMode = mode, MaxOutputTokens = 200 };

    static Task<ChatResponse> Ask(ScriptedKernel scripted, ChatToolMode mode) => scripted.Client.GetResponseAsync("a", Options(mode), Cancel);
}
