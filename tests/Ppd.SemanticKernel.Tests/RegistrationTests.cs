using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel.Services;

namespace Ppd.SemanticKernel.Tests;

public sealed class RegistrationTests(RandomChatModel random)
{
    static readonly PpdPromptExecutionSettings Short = new() { MaxTokens = 2, Temperature = 0 };

    [Fact]
    public void Registration_without_service_id_resolves_all_three_services_without_a_key()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(random.Path, "one", configure: Small).BuildServiceProvider();
        services.GetRequiredService<IChatCompletionService>().GetModelId().ShouldBe("one");
        services.GetRequiredService<PpdModel>().ContextLength.ShouldBe(256);
        services.GetRequiredService<IChatClient>().GetService(typeof(PpdModel)).ShouldBeSameAs(services.GetRequiredService<PpdModel>());
    }

    [Fact]
    public void Registration_with_service_id_resolves_only_by_that_key()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(random.Options("one"), "local").BuildServiceProvider();
        services.GetRequiredKeyedService<IChatCompletionService>("local").GetModelId().ShouldBe("one");
        services.GetRequiredKeyedService<IChatClient>("local").GetService(typeof(PpdModel)).ShouldBeSameAs(services.GetRequiredKeyedService<PpdModel>("local"));
        services.GetService<IChatCompletionService>().ShouldBeNull();
        services.GetService<IChatClient>().ShouldBeNull();
        services.GetService<PpdModel>().ShouldBeNull();
    }

    [Fact]
    public async Task Two_models_side_by_side_are_selected_by_service_id_and_by_model_id()
    {
        var kernel = Kernel.CreateBuilder()
            .AddPpdChatCompletion(random.Options("first"), "a")
            .AddPpdChatCompletion(random.Path, "second", "b", Small)
            .Build();
        await using var services = (ServiceProvider)kernel.Services;
        (await AnsweredBy(kernel, new PpdPromptExecutionSettings { ServiceId = "a", MaxTokens = 2 })).ShouldBe("first");
        (await AnsweredBy(kernel, new PpdPromptExecutionSettings { ServiceId = "b", MaxTokens = 2 })).ShouldBe("second");
        (await AnsweredBy(kernel, new PpdPromptExecutionSettings { ModelId = "first", MaxTokens = 2 })).ShouldBe("first");
        (await AnsweredBy(kernel, new PpdPromptExecutionSettings { ModelId = "second", MaxTokens = 2 })).ShouldBe("second");
    }

    [Fact]
    public void A_missing_file_is_reported_at_every_resolve_and_not_before()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(random.Path + ".missing").BuildServiceProvider();
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<IChatCompletionService>).Message.ShouldContain("random.gguf.missing");
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<IChatCompletionService>);
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<IChatClient>);
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<PpdModel>);
    }

    [Fact]
    public async Task Disposing_the_container_disposes_the_model()
    {
        var services = new ServiceCollection().AddPpdChatCompletion(random.Options("one")).BuildServiceProvider();
        var completion = services.GetRequiredService<IChatCompletionService>();
        var client = services.GetRequiredService<IChatClient>();
        var model = services.GetRequiredService<PpdModel>();
        (await completion.GetChatMessageContentsAsync("a", Short, cancellationToken: TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        await services.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() =>
            completion.GetChatMessageContentsAsync("a", Short, cancellationToken: TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ObjectDisposedException>(() => client.GetResponseAsync("a", cancellationToken: TestContext.Current.CancellationToken));
        Should.Throw<ObjectDisposedException>(() => model.CountTokens([new ChatMessage(ChatRole.User, "a")]));
    }

    [Fact]
    public void Options_out_of_range_are_reported_together_when_the_model_is_resolved()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(new PpdModelOptions { ModelPath = "", Slots = 0, DraftTokens = 64 }).BuildServiceProvider();
        var message = Should.Throw<ArgumentException>(services.GetRequiredService<IChatCompletionService>).Message;
        message.ShouldContain("ModelPath");
        message.ShouldContain("Slots is 0");
        message.ShouldContain("DraftTokens is 64");
    }

    static void Small(PpdModelOptions options) => (options.ContextLength, options.Threads, options.Slots, options.GpuLayers) = (256, 1, 1, 0);

    static async Task<string?> AnsweredBy(Kernel kernel, PpdPromptExecutionSettings settings)
    {
        var result = await kernel.InvokePromptAsync("a", new KernelArguments(settings), cancellationToken: TestContext.Current.CancellationToken);
        return result.GetValue<ChatMessageContent>()!.ModelId;
    }
}
