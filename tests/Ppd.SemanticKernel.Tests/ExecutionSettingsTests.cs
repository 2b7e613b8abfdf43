using System.Text.Json;

namespace Ppd.SemanticKernel.Tests;

public sealed class ExecutionSettingsTests(RandomChatModel random)
{
    [Fact]
    public void Clone_copies_every_property_and_shares_no_collection()
    {
        var settings = Full();
        var clone = settings.Clone().ShouldBeOfType<PpdPromptExecutionSettings>();
        JsonSerializer.Serialize(clone).ShouldBe(JsonSerializer.Serialize(settings));
        var properties = typeof(PpdPromptExecutionSettings).GetProperties().Where(p => p.Name is not ("IsFrozen" or "FunctionChoiceBehavior")).ToList();
        properties.Where(p => p.GetValue(clone) == null).Select(p => p.Name).ShouldBeEmpty("set a new property in Full(), so that this test sees it");
        clone.StopSequences!.Add("more");
        clone.ExtensionData!["draft_tokens"] = 1;
        settings.StopSequences.ShouldBe(["x", "y"]);
        settings.ExtensionData!["draft_tokens"].ShouldBe(2);
    }

    [Fact]
    public void Clone_of_frozen_settings_can_be_changed()
    {
        var settings = Full();
        settings.Freeze();
        var clone = settings.Clone().ShouldBeOfType<PpdPromptExecutionSettings>();
        clone.IsFrozen.ShouldBeFalse();
        clone.Temperature = 1;
        clone.Temperature.ShouldBe(1);
    }

    [Fact]
    public void Frozen_settings_refuse_every_change()
    {
        var settings = Full();
        settings.Freeze();
        settings.Freeze();
        settings.IsFrozen.ShouldBeTrue();
        var own = typeof(PpdPromptExecutionSettings).GetProperties().Where(p => p.DeclaringType == typeof(PpdPromptExecutionSettings)).ToList();
        own.Count.ShouldBe(15);
        own.ShouldAllBe(p => Refuses(() => p.SetValue(settings, p.GetValue(settings))));
        Should.Throw<NotSupportedException>(() => settings.StopSequences!.Add("z"));
    }

    [Fact]
    public void Json_reads_numbers_also_from_strings()
    {
        var settings = JsonSerializer.Deserialize<PpdPromptExecutionSettings>("""{ "temperature": "0.5", "min_p": 0.25, "max_tokens": 3, "draft_tokens": "8" }""")!;
        (settings.Temperature, settings.MinP, settings.MaxTokens, settings.DraftTokens).ShouldBe((0.5f, 0.25f, 3, 8));
    }

    [Fact]
    public async Task Min_p_of_a_setting_reaches_the_engine_as_the_same_number()
    {
        // 0.05 is the default: the value after Semantic Kernel's detour through JSON must not be another one
        var unset = await Reply(new PpdPromptExecutionSettings { Temperature = 2, Seed = 3, TopK = 0, TopP = 1, MaxTokens = 24 });
        var same = await Reply(new PpdPromptExecutionSettings { Temperature = 2, Seed = 3, TopK = 0, TopP = 1, MaxTokens = 24, MinP = 0.05f });
        var off = await Reply(new PpdPromptExecutionSettings { Temperature = 2, Seed = 3, TopK = 0, TopP = 1, MaxTokens = 24, MinP = 0 });
        same.ShouldBe(unset);
        off.ShouldNotBe(unset);
    }

    [Fact]
    public async Task Base_settings_with_extension_data_give_the_reply_of_typed_ones()
    {
        var typed = await Reply(new PpdPromptExecutionSettings
        {
            Temperature = 1.5f, Seed = 5, TopK = 30, TopP = 0.9f, MinP = 0.01f, RepeatPenalty = 1.3f, MaxTokens = 20, ChatSystemPrompt = "be brief",
        });
        var untyped = await Reply(new PromptExecutionSettings
        {
            ExtensionData = new Dictionary<string, object>
            {
                ["temperature"] = 1.5, ["seed"] = 5, ["top_k"] = 30, ["top_p"] = 0.9, ["min_p"] = 0.01, ["repeat_penalty"] = 1.3, ["max_tokens"] = 20,
                ["chat_system_prompt"] = "be brief",
            },
        });
        untyped.ShouldNotBeNullOrEmpty();
        untyped.ShouldBe(typed);
    }

    static bool Refuses(Action change) => Should.Throw<System.Reflection.TargetInvocationException>(change).InnerException is InvalidOperationException;

    static PpdPromptExecutionSettings Full() => new()
    {
        ServiceId = "service", ModelId = "model", ExtensionData = new Dictionary<string, object> { ["draft_tokens"] = 2 },
        Temperature = 0.1f, TopP = 0.2f, TopK = 3, MinP = 0.4f, MaxTokens = 5, Seed = 6, FrequencyPenalty = 0.7f, PresencePenalty = 0.8f,
        RepeatPenalty = 1.9f, StopSequences = ["x", "y"], ChatSystemPrompt = "system", DraftTokens = 10, Plan = PpdPlan.Tree(7), ResponseFormat = "json_object", EnableThinking = true,
    };

    async Task<string?> Reply(PromptExecutionSettings settings) => (await random.Completion.GetChatMessageContentAsync(
        RandomChatModel.Prompt, settings, random.Kernel, TestContext.Current.CancellationToken)).Content;
}
