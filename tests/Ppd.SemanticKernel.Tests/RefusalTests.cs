using System.Text.Json;

namespace Ppd.SemanticKernel.Tests;

public sealed class RefusalTests(RandomChatModel random)
{
    public static readonly TheoryData<string, object> ResponseFormats = new()
    {
        { "Response_Format", "json" },
        { "response_format", typeof(DateTime) },
        { "response_format", JsonSerializer.SerializeToElement("xml") },
    };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ResponseFormats), DisableDiscoveryEnumeration = true)]
    public async Task Response_format_is_refused_by_name_in_both_modes(string key, object format)
    {
        KernelArguments arguments = new(With(key, format));
        (await Should.ThrowAsync<NotSupportedException>(() => random.Kernel.InvokePromptAsync("a", arguments, cancellationToken: Cancel)))
            .Message.ShouldContain("response_format");
        (await Should.ThrowAsync<NotSupportedException>(async () =>
            await random.Kernel.InvokePromptStreamingAsync("a", arguments, cancellationToken: Cancel).ToListAsync(Cancel))).Message.ShouldContain("response_format");
    }

    [Fact]
    public async Task Response_format_text_is_accepted()
    {
        var settings = With("response_format", "text");
        settings.ExtensionData!["max_tokens"] = 2;
        (await random.Completion.GetChatMessageContentAsync("a", settings, cancellationToken: Cancel)).Metadata!["FinishReason"].ShouldBe("length");
    }

    [Theory]
    [InlineData("top_kk", 3)]
    [InlineData("max_new_tokens", 3)]
    public async Task Unknown_extension_key_is_refused_by_name(string key, object value) =>
        (await Should.ThrowAsync<NotSupportedException>(() => Complete(With(key, value)))).Message.ShouldContain(key);

    [Theory]
    [InlineData("temperature", -0.1, "Temperature")]
    [InlineData("top_p", 1.5, "TopP")]
    [InlineData("top_k", -1, "TopK")]
    [InlineData("min_p", 2, "MinP")]
    [InlineData("repeat_penalty", 0, "RepeatPenalty")]
    [InlineData("frequency_penalty", 101, "FrequencyPenalty")]
    [InlineData("presence_penalty", -101, "PresencePenalty")]
    [InlineData("max_tokens", 0, "MaxOutputTokens")]
    [InlineData("draft_tokens", 64, "DraftTokens")]
    public async Task Value_out_of_range_is_refused_by_name(string key, object value, string name) =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Complete(With(key, value)))).ParamName.ShouldBe(name);

    [Fact]
    public async Task Empty_stop_sequence_is_refused() =>
        (await Should.ThrowAsync<ArgumentException>(() => Complete(new PpdPromptExecutionSettings { StopSequences = ["a", ""] })))
            .Message.ShouldContain("stop sequence");

    [Fact]
    public async Task Another_model_id_is_refused_and_the_own_one_accepted()
    {
        var message = (await Should.ThrowAsync<ArgumentException>(() => random.Client.GetResponseAsync("a", new ChatOptions { ModelId = "other" }, Cancel))).Message;
        message.ShouldContain("'other'");
        message.ShouldContain("'random'");
        (await Should.ThrowAsync<ArgumentException>(() => Complete(new PpdPromptExecutionSettings { ModelId = "other" }))).Message.ShouldContain("'other'");
        (await random.Client.GetResponseAsync("a", new ChatOptions { ModelId = RandomChatModel.ModelId, MaxOutputTokens = 2 }, Cancel)).ModelId.ShouldBe("random");
    }

    static PromptExecutionSettings With(string key, object value) => new() { ExtensionData = new Dictionary<string, object> { [key] = value } };

    Task<ChatMessageContent> Complete(PromptExecutionSettings settings) => random.Completion.GetChatMessageContentAsync("a", settings, cancellationToken: Cancel);
}
