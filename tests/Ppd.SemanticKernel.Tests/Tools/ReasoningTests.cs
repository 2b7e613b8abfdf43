namespace Ppd.SemanticKernel.Tests.Tools;

#pragma warning disable SKEXP0110   // ReasoningContent is experimental

/// <summary>Thoughts go through Semantic Kernel in both directions.</summary>
public sealed class ReasoningTests
{
    static readonly string[] Plan =
    [
        "<think>\nI should look.\n</think>\n\n" + ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}"""),
        "<think>So it rains.</think>It will rain.",
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thoughts_come_as_reasoning_content_beside_the_answer_and_are_counted()
    {
        using var scripted = new ScriptedKernel("<think>\nIt is a greeting.\n</think>\n\nHello!");
        var reply = await scripted.Completion.GetChatMessageContentAsync("Hi", ScriptedKernel.Settings(), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("Hello!");
        reply.Items.OfType<ReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("It is a greeting.");
        var usage = reply.Metadata!["Usage"].ShouldBeOfType<UsageDetails>();
        usage.ReasoningTokenCount!.Value.ShouldBeInRange(3, usage.OutputTokenCount!.Value - 1);
        var updates = await scripted.Completion.GetStreamingChatMessageContentsAsync("Hi", ScriptedKernel.Settings(), scripted.Kernel, Cancel).ToListAsync(Cancel);
        string.Concat(updates.Select(u => u.Content)).ShouldBe("Hello!");
        string.Concat(updates.SelectMany(u => u.Items).OfType<StreamingReasoningContent>().Select(r => r.InnerContent ?? r.ToString())).ShouldBe("It is a greeting.");
    }

    [Fact]
    public async Task Client_gives_thoughts_as_text_reasoning_content_in_both_modes()
    {
        using var scripted = new ScriptedKernel("<think>\nIt is a greeting.\n</think>\n\nHello!");
        var options = new ChatOptions { Temperature = 0 };
        var whole = await scripted.Client.GetResponseAsync("Hi", options, Cancel);
        whole.Messages[0].Contents.OfType<TextReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("It is a greeting.");
        whole.Text.ShouldBe("Hello!");
        var streamed = (await scripted.Client.GetStreamingResponseAsync("Hi", options, Cancel).ToListAsync(Cancel)).ToChatResponse();
        streamed.Messages[0].Contents.OfType<TextReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("It is a greeting.");
        streamed.Text.ShouldBe("Hello!");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thoughts_before_a_call_stay_with_it_in_the_history(bool streamed)
    {
        using var scripted = new ScriptedKernel(Plan);
        ChatHistory history = [];
        history.AddUserMessage("Weather in Rome?");
        var first = new ChatMessageContent(AuthorRole.Assistant, "I know Rome.");
        first.Items.Add(new ReasoningContent("Rome is a city."));
        history.Insert(0, first);
        var settings = ScriptedKernel.Settings(FunctionChoiceBehavior.Auto());
        if (streamed) await scripted.Completion.GetStreamingChatMessageContentsAsync(history, settings, scripted.Kernel, Cancel).ToListAsync(Cancel);
        else (await scripted.Completion.GetChatMessageContentAsync(history, settings, scripted.Kernel, Cancel)).Items.OfType<ReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("So it rains.");
        scripted.Calls.ShouldBe(["Forecast(Rome, 1)"]);
        history.Count.ShouldBe(4);
        history[2].Items.OfType<ReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("I should look.");
        first.InnerContent.ShouldBeNull("the caller's messages are not touched");
    }

    [Fact]
    public async Task Streamed_thoughts_belong_to_their_round_and_stay_in_the_history_though_a_later_round_fails()
    {
        var call = ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}""");
        using var scripted = new ScriptedKernel(call, "<think>Once more.</think>" + call, "<think>So it rains.</think>It will rain.");
        ChatHistory history = [];
        history.AddUserMessage("Weather in Rome?");
        history.Insert(0, new ChatMessageContent(AuthorRole.Assistant, "I know Rome.") { Items = { new ReasoningContent("Rome is a city.") } });
        var settings = ScriptedKernel.Settings(FunctionChoiceBehavior.Auto());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var calls = 0;
        scripted.Kernel.AutoFunctionInvocationFilters.Add(new Filter(() =>
        {
            if (++calls == 2) stop.Cancel();
        }));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await scripted.Completion.GetStreamingChatMessageContentsAsync(history, settings, scripted.Kernel, stop.Token).ToListAsync(Cancel));
        history.Count.ShouldBeGreaterThan(3, "the first call and its result");
        history[2].Items.OfType<Microsoft.SemanticKernel.FunctionCallContent>().ShouldHaveSingleItem();
        history[2].Items.OfType<ReasoningContent>().ShouldBeEmpty();
        foreach (var later in history.Skip(4).Where(message => message.Items.OfType<Microsoft.SemanticKernel.FunctionCallContent>().Any()))
            later.Items.OfType<ReasoningContent>().ShouldHaveSingleItem().Text.ShouldBe("Once more.");
    }

    sealed class Filter(Action invoked) : IAutoFunctionInvocationFilter
    {
        public Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
        {
            invoked();
            return next(context);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thoughts_in_the_history_reach_the_model(bool streamed)
    {
        using var scripted = new ScriptedKernel("Yes.");
        ChatHistory history = [];
        history.AddUserMessage("Hi");
        history.AddAssistantMessage("Hello!");
        history.AddUserMessage("Hi again");
        var without = await PromptTokens();
        history[1].Items.Add(new ReasoningContent("It is a greeting."));
        var with = await PromptTokens();
        with.ShouldBe(without + scripted.Model.CountTokens([Message(thought: true)]) - scripted.Model.CountTokens([Message(thought: false)]));
        with.ShouldBeGreaterThan(without);

        static ChatMessage Message(bool thought) => new(ChatRole.Assistant, thought ? [new TextReasoningContent("It is a greeting."), new Microsoft.Extensions.AI.TextContent("Hello!")] : [new Microsoft.Extensions.AI.TextContent("Hello!")]);

        async Task<int> PromptTokens()
        {
            var metadata = streamed
                ? (await scripted.Completion.GetStreamingChatMessageContentsAsync(history, ScriptedKernel.Settings(), scripted.Kernel, Cancel).ToListAsync(Cancel))[^1].Metadata
                : (await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(), scripted.Kernel, Cancel)).Metadata;
            return metadata![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().PromptTokens;
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(null, false)]
    public async Task Enable_thinking_reaches_the_template(bool? enable, bool closes)
    {
        using var scripted = new ScriptedKernel("Yes.");
        ChatMessage[] messages = [new(ChatRole.User, "a")];
        var settings = new PpdPromptExecutionSettings { EnableThinking = enable, Temperature = 0 };
        var options = settings.ToChatOptions(kernel: null)!;
        scripted.Model.RenderPrompt(messages, options).Contains("<think></think>").ShouldBe(closes);
        scripted.Model.RenderPrompt(messages, new ChatOptions { RawRepresentationFactory = _ => new PpdRequestOptions { EnableThinking = enable } }).Contains("<think></think>").ShouldBe(closes);
        var reply = await scripted.Completion.GetChatMessageContentAsync("a", settings, scripted.Kernel, Cancel);
        reply.Metadata![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().PromptTokens.ShouldBe(scripted.Model.CountTokens(messages, options));
    }
}
