using System.Text.Json;

namespace Ppd.SemanticKernel.Tests;

/// <summary>Prompts with settings of their own, as files keep them (YAML is read into the same <see cref="PromptTemplateConfig"/>).</summary>
public sealed class PromptFunctionTests(RandomChatModel random)
{
    const string Config = """
        {
          "name": "tale", "template": "tell a {{$what}}",
          "execution_settings": { "default": { "temperature": 1, "seed": 7, "max_tokens": 24, "min_p": "0.01", "draft_tokens": 4, "plan": "tree4", "stop_sequences": ["never said"] } }
        }
        """;

    static PpdPromptExecutionSettings Typed => new() { Temperature = 1, Seed = 7, MaxTokens = 24, MinP = 0.01f, DraftTokens = 4, Plan = PpdPlan.Tree(4), StopSequences = ["never said"] };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_of_a_prompt_file_give_the_reply_of_typed_ones()
    {
        var function = random.Kernel.CreateFunctionFromPrompt(PromptTemplateConfig.FromJson(Config));
        var arguments = new KernelArguments { ["what"] = "tale" };
        var first = await function.InvokeAsync(random.Kernel, arguments, Cancel);
        var again = await function.InvokeAsync(random.Kernel, arguments, Cancel);
        var typed = await random.Kernel.InvokePromptAsync(RandomChatModel.Prompt, new KernelArguments(Typed), cancellationToken: Cancel);
        first.ToString().ShouldNotBeEmpty();
        (first.ToString(), again.ToString()).ShouldBe((typed.ToString(), typed.ToString()));
        first.Metadata!["FinishReason"].ShouldBe("length");
    }

    [Fact]
    public async Task Typed_settings_survive_the_copies_that_a_function_makes_and_freezes()
    {
        var settings = Typed;
        var function = random.Kernel.CreateFunctionFromPrompt("tell a {{$what}}", settings);
        var kept = function.ExecutionSettings!.ShouldHaveSingleItem().Value.ShouldBeOfType<PpdPromptExecutionSettings>();
        kept.IsFrozen.ShouldBeTrue();
        settings.IsFrozen.ShouldBeFalse();
        JsonSerializer.Serialize(kept).ShouldBe(JsonSerializer.Serialize(settings));
        var reply = await function.InvokeAsync(random.Kernel, new KernelArguments { ["what"] = "tale" }, Cancel);
        reply.ToString().ShouldBe((await random.Kernel.InvokePromptAsync(RandomChatModel.Prompt, new KernelArguments(Typed), cancellationToken: Cancel)).ToString());
    }
}
