namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>Functions of plugins are called, and their results answered, by Semantic Kernel's own middleware.</summary>
public sealed class AutoInvocationTests
{
    static readonly string[] Plan =
    [
        "I will look.\n" + ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome", "days": 2}"""),
        ScriptedKernel.Call("Mail_Send", """{"to": "Ann", "text": "rain in Rome"}"""),
        "Ann knows that it rains.",
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_over_two_plugins_runs_to_its_end()
    {
        using var scripted = new ScriptedKernel(Plan);
        ChatHistory history = new("be kind");
        history.AddUserMessage("Tell Ann about the weather in Rome.");
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("Ann knows that it rains.");
        reply.Metadata!["FinishReason"].ShouldBe("stop");
        scripted.Calls.ShouldBe(["Forecast(Rome, 2)", "Send(Ann, rain in Rome)"]);
        history.Select(m => m.Role.Label).ShouldBe(["system", "user", "assistant", "tool", "assistant", "tool"]);
        history[2].Content.ShouldBe("I will look.\n");
        var call = history[2].Items.OfType<Microsoft.SemanticKernel.FunctionCallContent>().ShouldHaveSingleItem();
        (call.FunctionName, call.Arguments!["city"]!.ToString(), call.Id!.Length).ShouldBe(("Weather_Forecast", "Rome", 9));
        var result = history[3].Items.OfType<Microsoft.SemanticKernel.FunctionResultContent>().ShouldHaveSingleItem();
        (result.CallId, result.Result!.ToString()).ShouldBe((call.Id, "rain in Rome"));
        history[4].Items.OfType<Microsoft.SemanticKernel.FunctionCallContent>().ShouldHaveSingleItem().FunctionName.ShouldBe("Mail_Send");
    }

    [Fact]
    public async Task Streamed_plan_gives_the_same()
    {
        using var scripted = new ScriptedKernel(Plan);
        ChatHistory history = new("be kind");
        history.AddUserMessage("Tell Ann about the weather in Rome.");
        var updates = await scripted.Completion.GetStreamingChatMessageContentsAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel).ToListAsync(Cancel);
        string.Concat(updates.Select(u => u.Content)).ShouldBe("I will look.\nAnn knows that it rains.");
        updates.SelectMany(u => u.Items).OfType<StreamingFunctionCallUpdateContent>().Select(c => (c.Name, string.Concat(c.Arguments!.Where(letter => !char.IsWhiteSpace(letter))))).ShouldBe(
        [
            ("Weather_Forecast", """{"city":"Rome","days":2}"""), ("Mail_Send", """{"to":"Ann","text":"raininRome"}"""),
        ]);
        updates.Select(u => u.Metadata?.GetValueOrDefault("FinishReason")).Where(f => f != null).ShouldBe(["tool_calls", "tool_calls", "stop"]);
        scripted.Calls.ShouldBe(["Forecast(Rome, 2)", "Send(Ann, rain in Rome)"]);
    }

    [Fact]
    public async Task Prompt_function_calls_the_plugins_too()
    {
        using var scripted = new ScriptedKernel(Plan);
        var result = await scripted.Kernel.InvokePromptAsync("Tell Ann.", new KernelArguments(ScriptedKernel.Settings(FunctionChoiceBehavior.Auto())), cancellationToken: Cancel);
        result.ToString().ShouldBe("Ann knows that it rains.");
        scripted.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Parallel_calls_are_all_invoked_and_answered_in_one_round()
    {
        using var scripted = new ScriptedKernel(
            ["<tool_call>{\"name\": \"Weather_Forecast\", \"arguments\": {\"city\": \"Rome\"}};{\"name\": \"Weather_Forecast\", \"arguments\": {\"city\": \"Oslo\"}}</tool_call>"],
            [("<|round_2|>", "Rain in both.")],
            """
            {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
            {%- for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}{% if m.tool_calls %}<tool_call>{% for call in m.tool_calls %}{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}{% if not loop.last %};{% endif %}{% endfor %}</tool_call>{% endif %}<|im_end|>{% endfor %}
            {%- if add_generation_prompt %}<|im_start|><|round_{{ messages | selectattr('role', 'equalto', 'tool') | list | length }}|>{% endif %}
            """);
        ChatHistory history = [];
        history.AddUserMessage("Rome and Oslo?");
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("Rain in both.");
        scripted.Calls.ShouldBe(["Forecast(Rome, 1)", "Forecast(Oslo, 1)"]);
        history.SelectMany(m => m.Items).OfType<Microsoft.SemanticKernel.FunctionCallContent>().Select(c => c.Id).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_calls_are_required_in_the_first_round_only(bool streamed)
    {
        using var scripted = new ScriptedKernel(ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}"""), "It will rain.");
        var settings = ScriptedKernel.Settings(FunctionChoiceBehavior.Required());
        (await Answer(scripted, settings, streamed)).ShouldBe("It will rain.");
        scripted.Calls.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Functions_that_are_shown_only_are_never_invoked(bool streamed)
    {
        var call = ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}""");
        using var scripted = new ScriptedKernel(call, "It will rain.");
        (await Answer(scripted, ScriptedKernel.Settings(FunctionChoiceBehavior.None()), streamed)).ShouldBe(call);
        scripted.Calls.ShouldBeEmpty();
    }

    static async Task<string> Answer(ScriptedKernel scripted, PromptExecutionSettings settings, bool streamed)
    {
        ChatHistory history = [];
        history.AddUserMessage("Weather in Rome?");
        if (!streamed) return (await scripted.Completion.GetChatMessageContentAsync(history, settings, scripted.Kernel, Cancel)).Content!;
        return string.Concat((await scripted.Completion.GetStreamingChatMessageContentsAsync(history, settings, scripted.Kernel, Cancel).ToListAsync(Cancel)).Select(update => update.Content));
    }

    [Fact]
    public async Task Calls_are_returned_and_not_invoked_where_the_application_wants_to_do_that()
    {
        using var scripted = new ScriptedKernel(Plan);
        ChatHistory history = [];
        history.AddUserMessage("Weather?");
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto(autoInvoke: false)), scripted.Kernel, Cancel);
        var call = Microsoft.SemanticKernel.FunctionCallContent.GetFunctionCalls(reply).ShouldHaveSingleItem();
        reply.Metadata!["FinishReason"].ShouldBe("tool_calls");
        scripted.Calls.ShouldBeEmpty();
        var result = await call.InvokeAsync(scripted.Kernel, Cancel);
        scripted.Calls.ShouldBe(["Forecast(Rome, 2)"]);
        history.Add(reply);
        history.Add(result.ToChatMessage());
        reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("Ann knows that it rains.");
    }

    [Theory]
    [InlineData("Travel_Fly", "{}")]
    [InlineData("Weather_Forecast", """{"town": "Rome"}""")]
    [InlineData("Weather_Forecast", """{"city": Rome}""")]
    public async Task Model_cannot_call_what_is_not_there_or_with_other_arguments(string name, string arguments)
    {
        using var scripted = new ScriptedKernel(ScriptedKernel.Call(name, arguments), "Well.");
        ChatHistory history = [];
        history.AddUserMessage("Weather?");
        var settings = ScriptedKernel.Settings(FunctionChoiceBehavior.Auto(autoInvoke: false));
        settings.MaxTokens = 60;
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, settings, scripted.Kernel, Cancel);
        // it is held to what it could have meant, or cut off on its way there
        var calls = Microsoft.SemanticKernel.FunctionCallContent.GetFunctionCalls(reply).ToList();
        calls.ShouldAllBe(call => call.FunctionName == "Weather_Forecast" || call.FunctionName == "Mail_Send");
        calls.Where(call => call.FunctionName == "Weather_Forecast").ShouldAllBe(call => call.Arguments!.ContainsKey("city"));
        $"{reply.Content}".ShouldNotContain(name == "Travel_Fly" ? name : arguments);
        (calls.Count > 0 || reply.Content!.StartsWith("<tool_call>", StringComparison.Ordinal)).ShouldBeTrue();
    }

    [Fact]
    public async Task Function_that_fails_is_reported_to_the_model()
    {
        using var scripted = new ScriptedKernel(ScriptedKernel.Call("Weather_Forecast", """{"city": "Atlantis", "days": 2}"""), "That failed.");
        ChatHistory history = [];
        history.AddUserMessage("Weather?");
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("That failed.");
        history.SelectMany(m => m.Items).OfType<Microsoft.SemanticKernel.FunctionResultContent>().ShouldHaveSingleItem().Result!.ToString()!.ShouldContain("Error");
    }
}
