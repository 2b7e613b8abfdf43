using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>The model that comes along, small as it is: whatever it answers, the pipeline holds.</summary>
public sealed class DefaultModelTests
{
    static readonly string[] Requests = ["What is the weather in Paris?", "What time is it in Tokyo?", "Set a timer for 5 minutes.", "Tell me a story about a fox."];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_with_tools_are_answered_the_same_with_and_without_drafts()
    {
        using var services = Services();
        var client = services.GetRequiredService<IChatClient>().GetRequiredService<PpdChatClient>();
        foreach (var request in Requests)
        {
            var drafted = await client.GetResponseAsync(request, Options(drafts: 8), Cancel);
            drafted.Messages[0].Contents.ShouldNotBeEmpty(request);
            Contents(drafted).ShouldBe(Contents(await client.GetResponseAsync(request, Options(drafts: 0), Cancel)), request);
            drafted.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().Any().ShouldBe(drafted.FinishReason == ChatFinishReason.ToolCalls);
        }
    }

    [Fact]
    public async Task Plan_over_two_plugins_ends_and_calls_functions()
    {
        using var services = Services();
        List<string> called = [];
        var kernel = new Kernel(services);
        kernel.Plugins.AddFromFunctions("weather", [KernelFunctionFactory.CreateFromMethod((string city) => Noted("weather", "rain"), "get_weather", "Tells the weather in a city.")]);
        kernel.Plugins.AddFromFunctions("clock", [KernelFunctionFactory.CreateFromMethod((string city) => Noted("clock", "noon"), "get_time", "Tells the time in a city.")]);
        var settings = new PpdPromptExecutionSettings { Temperature = 0, MaxTokens = 100, FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        foreach (var request in Requests)
        {
            ChatHistory history = [];
            history.AddUserMessage(request);
            var reply = await services.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(history, settings, kernel, Cancel);
            reply.Role.ShouldBe(AuthorRole.Assistant);
            history.Where(m => m.Role == AuthorRole.Tool).SelectMany(m => m.Items).ShouldAllBe(item => item is Microsoft.SemanticKernel.FunctionResultContent);
        }
        called.ShouldContain("weather");

        string Noted(string name, string result)
        {
            called.Add(name);
            return result;
        }
    }

    [Fact]
    public async Task Required_function_is_called()
    {
        using var services = Services();
        var options = Options(drafts: 8);
        options.ToolMode = ChatToolMode.RequireSpecific("get_weather");
        var response = await services.GetRequiredService<IChatClient>().GetResponseAsync(Requests[0], options, Cancel);
        response.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldNotBeEmpty();
        response.Messages[0].Contents.ShouldAllBe(content => content is UsageContent || (content as Microsoft.Extensions.AI.FunctionCallContent)!.Name == "get_weather");
    }

    static ServiceProvider Services() =>
        new ServiceCollection().AddPpdChatCompletion(new PpdModelOptions { Threads = 1, GpuLayers = 0, Slots = 1 }).BuildServiceProvider();

    static ChatOptions Options(int drafts) => new()
    {
        Temperature = 0,
        MaxOutputTokens = 100,
        Tools =
        [
            AIFunctionFactory.Create((string city) => city, "get_weather", "Tells the weather in a city.").AsDeclarationOnly(),
            AIFunctionFactory.Create((string city) => city, "get_time", "Tells the time in a city.").AsDeclarationOnly(),
        ],
        RawRepresentationFactory = _ => new PpdRequestOptions { DraftTokens = drafts },
    };

    static string Contents(ChatResponse response) => string.Concat(response.Messages[0].Contents.Select(content => content switch
    {
        Microsoft.Extensions.AI.FunctionCallContent call => $"{call.Name}{JsonSerializer.Serialize(call.Arguments)}",
        _ => content.ToString(),
    }));
}
