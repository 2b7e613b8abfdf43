using Ppd.Testing;

namespace Ppd.SemanticKernel.Tests;

/// <summary>Drafting changes how many steps a reply takes, never its text.</summary>
public sealed class SameTextTests(RandomChatModel random)
{
    const string Cardputer = "cardputer-chat-3M", Stories = "stories260K";

    static readonly string[] Prompts = ["Tell me a story about a dog and a cat.", "What do you want to do today?", "one two three one two three one two three one two"];

    [Theory]
    [InlineData(RandomChatModel.ModelId, 0)]
    [InlineData(RandomChatModel.ModelId, 0.4f)]
    [InlineData(Stories, 0)]
    [InlineData(Stories, 0.4f)]
    [InlineData(Cardputer, 0)]
    [InlineData(Cardputer, 0.4f)]
    public async Task Prompts_have_the_same_answers_with_drafts_and_without(string name, float temperature)
    {
        Assert.SkipUnless(name == RandomChatModel.ModelId || SharedData.Available, SharedData.Missing);
        using var own = name == RandomChatModel.ModelId ? null : PpdModel.Load(RealModel(name), cancellationToken: TestContext.Current.CancellationToken);
        var completion = new PpdChatClient(own ?? random.Model).AsChatCompletionService();
        List<ChatMessageContent> plain = [], drafted = [], unforced = [];
        foreach (var prompt in Prompts)
        {
            plain.Add(await Answer(completion, prompt, temperature, draftTokens: 0));
            drafted.Add(await Answer(completion, prompt, temperature, draftTokens: 8, PpdPlan.Tree(9)));
            unforced.Add(await Answer(completion, prompt, temperature, draftTokens: 24));
        }
        drafted.Select(a => a.Content).ShouldBe(plain.Select(a => a.Content));
        unforced.Select(a => a.Content).ShouldBe(plain.Select(a => a.Content));
        plain.Sum(a => Statistics(a).ProposedTokens).ShouldBe(0);
        drafted.Sum(a => Statistics(a).ProposedTokens).ShouldBeGreaterThan(0);
        TestContext.Current.SendDiagnosticMessage($"{name} at temperature {temperature}: {drafted.Sum(a => Statistics(a).GeneratedTokens)} tokens in " +
            $"{drafted.Sum(a => Statistics(a).Steps)} steps, {drafted.Sum(a => Statistics(a).AcceptedTokens)} of {drafted.Sum(a => Statistics(a).ProposedTokens)} drafts right");
    }

    static PpdModelOptions RealModel(string name) => new()
    {
        ModelPath = SharedData.Path("models", name, $"{name}-f32.gguf"),
        // as they were trained: plain text, and "User: ..", "Bot: ..<|endoftext|>"
        ChatTemplate = name == Stories
            ? "{% for message in messages %}{{ message.content }}{% endfor %}"
            : "{% for message in messages %}User: {{ message.content }}\n{% endfor %}Bot:",
        Slots = 1,
        Threads = 1,
        GpuLayers = 0,
    };

    static Task<ChatMessageContent> Answer(IChatCompletionService completion, string prompt, float temperature, int draftTokens, PpdPlan? plan = null) => completion.GetChatMessageContentAsync(
        prompt,
        new PpdPromptExecutionSettings { Temperature = temperature, Seed = 21, MaxTokens = 120, DraftTokens = draftTokens, Plan = plan },
        cancellationToken: TestContext.Current.CancellationToken);

    static PpdGenerationStatistics Statistics(ChatMessageContent answer) => answer.Metadata![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
}
