namespace Ppd.SemanticKernel.Tests;

/// <summary>Each option changes what the engine does, not just what is accepted.</summary>
public sealed class ChatOptionTests(RandomChatModel random)
{
    public static readonly TheoryData<ChatOptions> GreedyByOtherMeans =
    [
        new ChatOptions { Temperature = 3, Seed = 1, TopK = 1, MaxOutputTokens = 24 },
        new ChatOptions { Temperature = 3, Seed = 1, TopP = 0.0001f, MaxOutputTokens = 24 },
        Own(new ChatOptions { Temperature = 3, Seed = 1, MaxOutputTokens = 24 }, "min_p", 1),
    ];

    public static readonly TheoryData<ChatOptions> Penalties =
    [
        new ChatOptions { Temperature = 0, MaxOutputTokens = 100, FrequencyPenalty = 20 },
        new ChatOptions { Temperature = 0, MaxOutputTokens = 100, PresencePenalty = 20 },
        Own(new ChatOptions { Temperature = 0, MaxOutputTokens = 100 }, "repeat_penalty", 20),
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Temperature_zero_gives_the_same_reply_twice()
    {
        var first = await Reply(Greedy(24));
        first.ShouldNotBeEmpty();
        (await Reply(Greedy(24))).ShouldBe(first);
    }

    [Fact]
    public async Task Same_seed_gives_the_same_reply_and_another_seed_another_one()
    {
        var first = await Reply(Sampled(1));
        (await Reply(Sampled(1))).ShouldBe(first);
        (await Reply(Sampled(2))).ShouldNotBe(first);
    }

    [Theory, MemberData(nameof(GreedyByOtherMeans), DisableDiscoveryEnumeration = true)]
    public async Task Filter_that_leaves_one_token_gives_the_greedy_reply(ChatOptions options)
    {
        var greedy = await Reply(Greedy(24));
        (await Reply(options)).ShouldBe(greedy);
        (await Reply(new ChatOptions { Temperature = 3, Seed = 1, MaxOutputTokens = 24 })).ShouldNotBe(greedy);
    }

    [Theory, MemberData(nameof(Penalties), DisableDiscoveryEnumeration = true)]
    public async Task Penalty_changes_a_greedy_reply(ChatOptions options) => (await Reply(options)).ShouldNotBe(await Reply(Greedy(100)));

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Stop_sequence_cuts_the_reply_before_its_first_character(int draftTokens)
    {
        var whole = await Reply(Greedy(60));
        var stop = whole.Substring(whole.Length / 2, 3);
        stop.ShouldNotContain("\uFFFD", customMessage: "half a character cannot be asked for");
        var options = Own(Own(Greedy(60), "draft_tokens", draftTokens), "plan", "tree9");
        options.StopSequences = ["never", stop];
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel);
        response.Text.ShouldBe(whole[..whole.IndexOf(stop, StringComparison.Ordinal)]);
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public async Task Most_tokens_end_the_reply_exactly_there(int draftTokens)
    {
        var whole = await Reply(Greedy(200));
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, Own(Own(Greedy(151), "draft_tokens", draftTokens), "plan", "tree9"), Cancel);
        response.FinishReason.ShouldBe(ChatFinishReason.Length);
        response.Usage!.OutputTokenCount.ShouldBe(151);
        response.Text.ShouldNotBeEmpty();
        whole.ShouldStartWith(response.Text.TrimEnd('\uFFFD'));
        (Statistics(response).AcceptedTokens > 0).ShouldBe(draftTokens > 0, "steps of several tokens");
    }

    [Fact]
    public async Task Draft_tokens_reach_the_engine()
    {
        (await Proposed(0)).ShouldBe(0);
        (await Proposed(8)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Raw_options_take_precedence_over_additional_properties()
    {
        var options = Own(Greedy(100), "draft_tokens", 8);
        options.RawRepresentationFactory = _ => new PpdRequestOptions { DraftTokens = 0 };
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel);
        Statistics(response).ProposedTokens.ShouldBe(0);
    }

    [Fact]
    public async Task Instructions_act_as_a_system_message()
    {
        var instructed = Greedy(24);
        instructed.Instructions = "be brief";
        ChatMessage user = new(ChatRole.User, RandomChatModel.Prompt);
        ChatMessage[] withSystem = [new(ChatRole.System, "be brief"), user];
        random.Model.RenderPrompt([user], instructed).ShouldBe(random.Model.RenderPrompt(withSystem));
        random.Model.RenderPrompt([user], instructed).ShouldContain("be brief");
        var system = await random.Client.GetResponseAsync(withSystem, Greedy(24), Cancel);
        (await random.Client.GetResponseAsync([user], instructed, Cancel)).Text.ShouldBe(system.Text);
        (await Reply(Greedy(24))).ShouldNotBe(system.Text);
    }

    static ChatOptions Greedy(int tokens) => new() { Temperature = 0, MaxOutputTokens = tokens };

    static ChatOptions Sampled(long seed) => new() { Temperature = 1, Seed = seed, MaxOutputTokens = 24 };

    static ChatOptions Own(ChatOptions options, string key, object value)
    {
        (options.AdditionalProperties ??= [])[key] = value;
        return options;
    }

    async Task<string> Reply(ChatOptions options) => (await random.Client.GetResponseAsync(RandomChatModel.Prompt, options, Cancel)).Text;

    async Task<int> Proposed(int draftTokens)
    {
        var response = await random.Client.GetResponseAsync(RandomChatModel.Prompt, Own(Own(Greedy(100), "draft_tokens", draftTokens), "plan", "tree9"), Cancel);
        return Statistics(response).ProposedTokens;
    }

    static PpdGenerationStatistics Statistics(ChatResponse response) => response.Messages[0].AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
}
