using Microsoft.Extensions.AI;
using Ppd.Drafting;
using Ppd.Testing;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Drafting;

/// <summary>A model and its prompt-token file, from loading to the reply.</summary>
public sealed class PromptTokenLoadTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _model;

    public PromptTokenLoadTests()
    {
        _model = _folder["model.gguf"];
        File.Copy(TestModels.RandomPath, _model);
    }

    public void Dispose() => _folder.Dispose();

    PpdModelOptions Options(Action<PpdModelOptions>? configure = null)
    {
        var options = new PpdModelOptions { ModelPath = _model, Threads = 1, Slots = 1, GpuLayers = 0, DraftTokens = 8, ChatTemplate = "{{ messages[0].content }}" };
        configure?.Invoke(options);
        return options;
    }

    static bool Uses(PpdModelOptions options)
    {
        using var model = PpdModel.Load(options);
        return model.UsesPromptTokens;
    }

    [Fact]
    public void File_beside_the_model_is_used_unless_told_otherwise()
    {
        Uses(Options()).ShouldBeFalse();      // there is none yet
        PromptTokenFile.Write(_folder["model.ppd.gguf"], TestPrompts.Random(_model, count: 3, ensemble: 1));
        Uses(Options()).ShouldBeTrue();
        Uses(Options(o => o.UsePromptTokens = false)).ShouldBeFalse();
    }

    [Fact]
    public void File_elsewhere_is_named()
    {
        PromptTokenFile.Write(_folder["mine.ppd.gguf"], TestPrompts.Random(_model, count: 3, ensemble: 1));
        Uses(Options(o => o.PromptTokenPath = _folder["mine.ppd.gguf"])).ShouldBeTrue();
        Should.Throw<PpdPromptTokenFileException>(() => Uses(Options(o => o.PromptTokenPath = _folder["none.ppd.gguf"]))).Message.ShouldContain("none.ppd.gguf");
    }

    [Fact]
    public void File_of_another_model_is_refused_by_both_names()
    {
        RandomModel.Write(_folder["other.gguf"], new RandomModelOptions { Seed = 99, EmbeddingLength = 128 });
        PromptTokenFile.Write(_folder["model.ppd.gguf"], TestPrompts.Random(_folder["other.gguf"], count: 3, ensemble: 1));
        var message = Should.Throw<PpdPromptTokenFileException>(() => Uses(Options())).Message;
        message.ShouldContain("random-2x64-7");
        message.ShouldContain("random-2x128-99");
    }

    [Theory]
    [InlineData("encoder", 1)]
    [InlineData("decoder", 2)]
    public void Mask_that_sequence_ids_cannot_express_is_refused(string mask, int ensemble)
    {
        PromptTokenFile.Write(_folder["model.ppd.gguf"], TestPrompts.Random(_model, count: 3, ensemble) with { Mask = Enum.Parse<PromptTokenMask>(mask, ignoreCase: true) });
        Should.Throw<PpdPromptTokenFileException>(() => Uses(Options(o => o.UsePromptTokens = true))).Message.ShouldContain($"'{mask}'");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    [InlineData("chain7")]
    [InlineData("tree20")]
    [InlineData("static16")]
    public async Task Plan_does_not_change_a_reply(string plan)
    {
        float[][] accuracy = [.. Enumerable.Range(1, 3).Select(distance => Enumerable.Range(1, 10).Select(rank => 0.3f / (distance * rank)).ToArray())];
        PromptTokenFile.Write(_folder["model.ppd.gguf"], TestPrompts.Random(_model, count: 3, ensemble: 1) with { Accuracy = accuracy });
        var chat = new ChatOptions { Temperature = 0.5f, Seed = 5, MaxOutputTokens = 100 };
        async Task<ChatResponse> Reply(Action<PpdModelOptions> configure)
        {
            using var client = new PpdChatClient(Options(configure));
            return await client.GetResponseAsync("to be or not to be or to be", chat, TestContext.Current.CancellationToken);
        }
        var plain = await Reply(o => o.DraftTokens = 0);
        var planned = await Reply(o => o.Plan = PpdPlan.Parse(plan));
        planned.Text.ShouldBe(plain.Text);
        var rows = planned.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().RowsPerStep;
        if (plan == "off") rows.ShouldBe(1);
        if (plan is "chain7" or "tree20" or "static16") rows.ShouldBeGreaterThan(4);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public async Task Reply_is_that_of_plain_decoding_and_its_rows_are_counted(float temperature)
    {
        PromptTokenFile.Write(_folder["model.ppd.gguf"], TestPrompts.Random(_model, count: 3, ensemble: 2));
        var chat = new ChatOptions { Temperature = temperature, Seed = 5, MaxOutputTokens = 60 };
        async Task<ChatResponse> Reply(Action<PpdModelOptions> configure)
        {
            using var client = new PpdChatClient(Options(configure));
            return await client.GetResponseAsync("to be or not to be", chat, TestContext.Current.CancellationToken);
        }
        var plain = await Reply(o => o.DraftTokens = 0);
        var drafted = await Reply(o => o.Plan = PpdPlan.Tree(14));
        drafted.Text.ShouldBe(plain.Text);
        var statistics = drafted.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>();
        // two members of up to three prompt tokens under the node where a step stopped
        statistics.Rows.ShouldBeGreaterThan(3 * statistics.Steps);
        plain.AdditionalProperties![PpdGenerationStatistics.Key].ShouldBeOfType<PpdGenerationStatistics>().RowsPerStep.ShouldBe(1);
        statistics.TokensPerStep.ShouldBe(1 + ((double)statistics.AcceptedTokens / statistics.Steps));
    }
}
