using Microsoft.Extensions.DependencyInjection;

namespace Ppd.SemanticKernel.Tests;

/// <summary>When a registered model is loaded and when it is freed.</summary>
public sealed class ModelLifetimeTests(RandomChatModel random)
{
    static readonly ChatOptions Short = new() { MaxOutputTokens = 2 };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_load_that_failed_succeeds_once_the_file_is_there()
    {
        using var folder = new Testing.TemporaryFolder();
        using var services = Registered(folder["late.gguf"]);
        Should.Throw<PpdModelLoadException>(services.GetRequiredService<PpdModel>);
        File.Copy(random.Path, folder["late.gguf"]);
        services.GetRequiredService<PpdModel>().ContextLength.ShouldBe(128);
    }

    [Fact]
    public async Task A_model_is_loaded_once_however_many_ask_for_it()
    {
        using var services = Registered(random.Path);
        var loaded = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => services.GetRequiredService<IChatClient>().GetService<PpdModel>())));
        loaded.Distinct().ShouldHaveSingleItem().ShouldBeSameAs(services.GetRequiredService<PpdModel>());
    }

    [Theory]
    [InlineData(typeof(PpdModel))]
    [InlineData(typeof(IChatClient))]
    [InlineData(typeof(IChatCompletionService))]
    public void Disposing_the_container_unmaps_the_file_whatever_was_resolved(Type resolved)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mapped files can be listed on Linux only.");
        using var folder = new Testing.TemporaryFolder();
        var path = folder["mapped.gguf"];
        File.Copy(random.Path, path);
        var services = Registered(path);
        services.GetRequiredService(resolved);
        IsMapped(path).ShouldBeTrue();
        services.Dispose();
        IsMapped(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reply_under_way_ends_with_ObjectDisposedException()
    {
        var services = Registered(random.Path);
        await using var reply = services.GetRequiredService<IChatClient>()
            .GetStreamingResponseAsync(RandomChatModel.Prompt, new ChatOptions { Seed = 1 }, Cancel).GetAsyncEnumerator(Cancel);
        (await reply.MoveNextAsync()).ShouldBeTrue();
        await services.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(async () =>
        {
            while (await reply.MoveNextAsync()) reply.Current.FinishReason.ShouldBeNull();
        });
    }

    // The slow consumer lets go of its request after the engine is gone; that once wrote to freed memory.
    [Fact]
    public async Task A_consumer_that_leaves_after_the_model_harms_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var services = Registered(random.Path);
            var reply = services.GetRequiredService<IChatClient>()
                .GetStreamingResponseAsync(RandomChatModel.Prompt, new ChatOptions { Seed = round }, Cancel).GetAsyncEnumerator(Cancel);
            (await reply.MoveNextAsync()).ShouldBeTrue();
            await services.DisposeAsync();
            await reply.DisposeAsync();
        }
        (await random.Client.GetResponseAsync(RandomChatModel.Prompt, Short, Cancel)).Usage!.OutputTokenCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_client_frees_the_model_it_owns_and_no_other()
    {
        using var model = PpdModel.Load(random.Options("shared"), cancellationToken: Cancel);
        new PpdChatClient(model).Dispose();
        (await new PpdChatClient(model).GetResponseAsync("a", Short, Cancel)).Usage!.OutputTokenCount.ShouldBe(2);
        var owner = new PpdChatClient(model, ownsModel: true);
        owner.Dispose();
        owner.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(() => new PpdChatClient(model).GetResponseAsync("a", Short, Cancel));
        Should.Throw<ObjectDisposedException>(() => model.RenderPrompt([new ChatMessage(ChatRole.User, "a")])).ObjectName.ShouldBe(typeof(PpdModel).FullName);
    }

    [Fact]
    public async Task The_services_of_a_kernel_free_its_model()
    {
        var kernel = Kernel.CreateBuilder().AddPpdChatCompletion(random.Options("one")).Build();
        var client = kernel.GetRequiredService<IChatClient>();
        (await kernel.InvokePromptAsync("a", new KernelArguments(new PpdPromptExecutionSettings { MaxTokens = 2 }), cancellationToken: Cancel)).ShouldNotBeNull();
        kernel.Services.ShouldBeAssignableTo<IDisposable>()!.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(() => client.GetResponseAsync("a", Short, Cancel));
    }

    static ServiceProvider Registered(string path) => new ServiceCollection()
        .AddPpdChatCompletion(path, configure: o => (o.ContextLength, o.Threads, o.GpuLayers) = (128, 1, 0)).BuildServiceProvider();

    static bool IsMapped(string path) => File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(path, StringComparison.Ordinal));
}
