namespace Ppd.SemanticKernel.Tests.Tools;

public sealed class InvocationFilterTests
{
    static readonly string[] Plan =
    [
        ScriptedKernel.Call("Weather_Forecast", """{"city": "Rome"}"""),
        ScriptedKernel.Call("Mail_Send", """{"to": "Ann", "text": "rain"}"""),
        "Done.",
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Filter_sees_every_call_and_can_change_its_result()
    {
        using var scripted = new ScriptedKernel(Plan);
        List<(string?, string, int, string?)> seen = [];
        scripted.Kernel.AutoFunctionInvocationFilters.Add(new Filter(async (context, next) =>
        {
            seen.Add((context.Function.PluginName, context.Function.Name, context.RequestSequenceIndex, context.Arguments?.FirstOrDefault().Value?.ToString()));
            await next(context);
            context.Result = new FunctionResult(context.Result, $"<{context.Result}>");
        }));
        ChatHistory history = [];
        history.AddUserMessage("a");
        var reply = await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel);
        reply.Content.ShouldBe("Done.");
        seen.ShouldBe([("Weather", "Forecast", 0, "Rome"), ("Mail", "Send", 1, "Ann")]);
        history.SelectMany(m => m.Items).OfType<Microsoft.SemanticKernel.FunctionResultContent>().Select(r => r.Result!.ToString()).ShouldBe(["<rain in Rome>", "<sent>"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Filter_that_terminates_ends_the_plan_behind_its_call(bool streamed)
    {
        using var scripted = new ScriptedKernel(Plan);
        scripted.Kernel.AutoFunctionInvocationFilters.Add(new Filter(async (context, next) =>
        {
            await next(context);
            context.Terminate = true;
        }));
        ChatHistory history = [];
        history.AddUserMessage("a");
        var settings = ScriptedKernel.Settings(FunctionChoiceBehavior.Auto());
        if (streamed) await scripted.Completion.GetStreamingChatMessageContentsAsync(history, settings, scripted.Kernel, Cancel).ToListAsync(Cancel);
        else await scripted.Completion.GetChatMessageContentAsync(history, settings, scripted.Kernel, Cancel);
        scripted.Calls.ShouldBe(["Forecast(Rome, 1)"]);
    }

    [Fact]
    public async Task Filter_that_does_not_go_on_keeps_the_function_from_being_called()
    {
        using var scripted = new ScriptedKernel(Plan);
        scripted.Kernel.AutoFunctionInvocationFilters.Add(new Filter((context, _) =>
        {
            context.Result = new FunctionResult(context.Result, "refused");
            return Task.CompletedTask;
        }));
        ChatHistory history = [];
        history.AddUserMessage("a");
        (await scripted.Completion.GetChatMessageContentAsync(history, ScriptedKernel.Settings(FunctionChoiceBehavior.Auto()), scripted.Kernel, Cancel)).Content.ShouldBe("Done.");
        scripted.Calls.ShouldBeEmpty();
    }

    sealed class Filter(Func<AutoFunctionInvocationContext, Func<AutoFunctionInvocationContext, Task>, Task> act) : IAutoFunctionInvocationFilter
    {
        public Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next) => act(context, next);
    }
}
