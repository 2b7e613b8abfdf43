using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel.TextGeneration;

namespace Ppd.SemanticKernel.Tests;

/// <summary>The service for callers that know no chats.</summary>
public sealed class TextGenerationTests(RandomChatModel random)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Text_is_that_of_the_chat_with_its_metadata_whole_and_streamed()
    {
        var settings = new PpdPromptExecutionSettings { Temperature = 1, Seed = 7, MaxTokens = 24 };
        var service = random.Kernel.GetRequiredService<ITextGenerationService>();
        var chat = await random.Completion.GetChatMessageContentAsync(RandomChatModel.Prompt, settings, random.Kernel, Cancel);
        var whole = (await service.GetTextContentsAsync(RandomChatModel.Prompt, settings, random.Kernel, Cancel)).ShouldHaveSingleItem();
        var parts = await service.GetStreamingTextContentsAsync(RandomChatModel.Prompt, settings, random.Kernel, Cancel).ToListAsync(Cancel);
        whole.Text.ShouldNotBeNullOrEmpty();
        (whole.Text, string.Concat(parts.Select(part => part.Text))).ShouldBe((chat.Content, chat.Content!));
        (whole.ModelId, whole.Metadata!["FinishReason"]).ShouldBe((RandomChatModel.ModelId, "length"));
        parts[^1].Metadata![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().GeneratedTokens.ShouldBe(24);
    }

    [Fact]
    public void It_is_registered_under_the_service_id_and_names_the_model()
    {
        using var services = new ServiceCollection().AddPpdChatCompletion(random.Options("one"), "local").BuildServiceProvider();
        services.GetService<ITextGenerationService>().ShouldBeNull();
        services.GetRequiredKeyedService<ITextGenerationService>("local").Attributes["ModelId"].ShouldBe("one");
    }
}
