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

    // The prompt ends within the call; what the scripted model says is what comes behind the quote.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_call_begins_the_reply(bool streamed)
    {
        using var scripted = new ScriptedKernel([], [("\"", "Clock_Now\", \"arguments\": {\"zone\": \"UTC\"}}\n</tool_call>")], Hermes);
        var options = Options(ChatToolMode.RequireAny);
        scripted.Model.RenderPrompt([new(ChatRole.User, "a")], options).ShouldEndWith("<|assistant|><tool_call>\n{\"name\": \"");
        var response = streamed
            ? (await scripted.Client.GetStreamingResponseAsync("a", options, Cancel).ToListAsync(Cancel)).ToChatResponse()
            : await scripted.Client.GetResponseAsync("a", options, Cancel);
        var call = response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem();
        (call.Name, call.Arguments!["zone"]!.ToString()).ShouldBe(("Clock_Now", "UTC"));
        (response.Text, response.FinishReason).ShouldBe(("", ChatFinishReason.ToolCalls));
    }

    [Fact]
    public async Task Required_function_is_named_in_the_prompt_and_so_is_the_only_one()
    {
        using var scripted = new ScriptedKernel([], [(":", " {\"zone\": \"UTC\"}}\n</tool_call>")], Hermes);
        var options = Options(ChatToolMode.RequireSpecific("Clock_Now"));
        scripted.Model.RenderPrompt([new(ChatRole.User, "a")], options).ShouldEndWith("<|assistant|><tool_call>\n{\"name\": \"Clock_Now\", \"arguments\":");
        (await scripted.Client.GetResponseAsync("a", options, Cancel)).Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldHaveSingleItem().Arguments!["zone"]!.ToString().ShouldBe("UTC");
        var only = new ChatOptions { Tools = [Clock], ToolMode = ChatToolMode.RequireAny };
        scripted.Model.RenderPrompt([new(ChatRole.User, "a")], only).ShouldEndWith("{\"name\": \"Clock_Now\", \"arguments\":");
    }

    [Theory]
    [InlineData("Nothing\", oh")]
    [InlineData("Clock_Now\", \"arguments\": {\"zone\": ")]
    [InlineData("Nobody\", \"arguments\": {}}\n</tool_call>")]
    public async Task Required_call_that_cannot_be_read_or_names_no_function_is_a_typed_error(string said)
    {
        using var scripted = new ScriptedKernel([], [("\"", said)], Hermes);
        var error = await Should.ThrowAsync<PpdToolCallException>(() => scripted.Client.GetResponseAsync("a", Options(ChatToolMode.RequireAny), Cancel));
        error.Reply.ShouldContain(said.TrimEnd());
        error.Message.ShouldContain("A call of a function was required");
        await Should.ThrowAsync<PpdToolCallException>(async () => await scripted.Client.GetStreamingResponseAsync("a", Options(ChatToolMode.RequireAny), Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Required_function_that_is_not_there_and_thoughts_before_a_required_call_are_refused()
    {
        using var scripted = new ScriptedKernel("a");
        (await Should.ThrowAsync<ArgumentException>(() => Ask(scripted, ChatToolMode.RequireSpecific("Nobody")))).Message.ShouldContain("'Nobody'");
        var thinking = Options(ChatToolMode.RequireAny);
        thinking.AdditionalProperties = new AdditionalPropertiesDictionary { ["enable_thinking"] = true };
        (await Should.ThrowAsync<NotSupportedException>(() => scripted.Client.GetResponseAsync("a", thinking, Cancel))).Message.ShouldContain("EnableThinking");
        scripted.Model.RenderPrompt([new(ChatRole.User, "a")], Options(ChatToolMode.RequireAny)).ShouldContain("<think></think>", customMessage: "a required call comes without thoughts");
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Second_call_is_generated_only_where_several_are_allowed(bool several, int calls)
    {
        using var scripted = new ScriptedKernel(
            ["<tool_call>\n{\"name\": \"Clock_Now\", \"arguments\": {\"zone\": \"UTC\"}}\n{\"name\": \"Weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>"], [],
            """
            {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
            {%- for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}{% if m.tool_calls %}<tool_call>{% for call in m.tool_calls %}
            {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}{% endfor %}
            </tool_call>{% endif %}<|im_end|>{% endfor %}
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

    const string Hermes = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls %}<tool_call>
        {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
        </tool_call>{% endfor %}{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    static ChatOptions Options(ChatToolMode mode) => new() { Temperature = 0, Tools = [Clock, Weather], ToolMode = mode, MaxOutputTokens = 200 };

    static Task<ChatResponse> Ask(ScriptedKernel scripted, ChatToolMode mode) => scripted.Client.GetResponseAsync("a", Options(mode), Cancel);
}
