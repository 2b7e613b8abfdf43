namespace Ppd.SemanticKernel.Tests;

/// <summary>Values at the edge of what is allowed, and values that are none.</summary>
public sealed class OptionLimitTests(RandomChatModel random)
{
    public static readonly TheoryData<ChatOptions> Allowed =
    [
        new ChatOptions { TopK = 0, TopP = 0, FrequencyPenalty = -100, PresencePenalty = -100, Seed = long.MinValue },
        new ChatOptions { TopK = int.MaxValue, TopP = 1, Temperature = 100, FrequencyPenalty = 100, PresencePenalty = 100, Seed = long.MaxValue },
        Own("repeat_penalty", 0.01f),
        Own("repeat_penalty", 100),
        Own("min_p", 0),
        Own("draft_tokens", "63"),
    ];

    public static readonly TheoryData<ChatOptions, string> Malformed = new()
    {
        { new ChatOptions { Temperature = float.NaN }, "Temperature is NaN; allowed are 0 to 100" },
        { new ChatOptions { PresencePenalty = float.NegativeInfinity }, "PresencePenalty is -Infinity; allowed are -100 to 100" },
        { new ChatOptions { StopSequences = [.. Enumerable.Repeat("x", 65)] }, "65 stop sequences were given; at most 64" },
        { Own("min_p", "little"), "AdditionalProperties[\"min_p\"] is 'little'; a number is needed" },
        { Own("enable_thinking", "perhaps"), "AdditionalProperties[\"enable_thinking\"] is 'perhaps'; true or false is needed" },
        { Own("draft_tokens", 2.5), "AdditionalProperties[\"draft_tokens\"] is 2.5; a whole number is needed" },
    };

    public static readonly TheoryData<ChatOptions, string> Unsupported = new()
    {
        { new ChatOptions { ToolMode = ChatToolMode.RequireAny }, "ToolMode" },
        { new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } }, "Reasoning.Effort High" },
        { new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.Summary } }, "Reasoning.Output Summary" },
        { new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } }, "EnableThinking" },
        { Own("enable_thinking", true), "EnableThinking" },
        { new ChatOptions { ConversationId = "1" }, "ConversationId" },
        { new ChatOptions { AllowBackgroundResponses = true }, "AllowBackgroundResponses" },
        { new ChatOptions { RawRepresentationFactory = _ => "?" }, "RawRepresentationFactory is not supported by Ppd: it returned a String" },
        { Own("temperature", "hot"), "AdditionalProperties[\"temperature\"] = 'hot'" },
    };

    [Theory, MemberData(nameof(Allowed), DisableDiscoveryEnumeration = true)]
    public async Task Limits_themselves_are_allowed(ChatOptions options)
    {
        options.MaxOutputTokens = 2;
        (await Reply(options)).FinishReason.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task Malformed_values_are_refused_with_what_is_allowed(ChatOptions options, string message) =>
        (await Should.ThrowAsync<ArgumentException>(() => Reply(options))).Message.ShouldContain(message);

    [Theory, MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public async Task Unsupported_options_are_refused_by_name(ChatOptions options, string message) =>
        (await Should.ThrowAsync<NotSupportedException>(() => Reply(options))).Message.ShouldContain(message);

    // Semantic Kernel carries settings through JSON, where numbers it does not know become doubles.
    [Fact]
    public void Settings_reach_the_chat_options_unchanged()
    {
        var values = new Random(1);
        List<(float Given, float Known, float Unknown)> carried = [];
        for (var i = 0; i < 1000; i++)
        {
            var given = values.NextSingle();
            var options = new PpdPromptExecutionSettings { Temperature = given, MinP = given, Seed = long.MaxValue }.ToChatOptions(kernel: null);
            options.Seed.ShouldBe(long.MaxValue);
            carried.Add((given, options.Temperature!.Value, Convert.ToSingle(options.AdditionalProperties!["min_p"])));
        }
        carried.ShouldBe(carried.Select(c => (c.Given, c.Given, c.Given)));
    }

    static ChatOptions Own(string key, object value) => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [key] = value } };

    Task<ChatResponse> Reply(ChatOptions options) => random.Client.GetResponseAsync("a", options, TestContext.Current.CancellationToken);
}
