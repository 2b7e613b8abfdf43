using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Commands;
using Ppd.Training.Prompts;

namespace Ppd.Training.Tests.Commands;

public sealed class PromptTokensRunTests
{
    [Fact]
    public async Task A_run_writes_prompt_tokens_that_belong_to_the_model_and_know_how_good_they_are()
    {
        using var model = new TinyModel();
        var options = new PromptTokensOptions
        {
            Model = model.Path,
            Out = model["random.ppd.gguf"],
            Training = new PromptTrainingOptions { Count = 2, Rank = 2, Length = 64, BatchRows = 2, Points = 4 },
            Tokens = 3000,
            Steps = 6,
            Threads = 1,
        };
        await new PromptTokensRun(new Terminal(), options).Run(TestContext.Current.CancellationToken);

        using var file = GgufFile.Open(model.Path);
        var tokens = PromptTokenFile.Read(options.Out, BaseModel.Of(file));
        tokens.Count.ShouldBe(2);
        tokens.Rows.Length.ShouldBe(2 * 64);
        tokens.Conditional.ShouldNotBeNull().Rank.ShouldBe(2);
        tokens.Accuracy.ShouldNotBeNull().Length.ShouldBe(2);
        tokens.Calibration.ShouldNotBeNull().Length.ShouldBe(2);
        tokens.Training["steps"].ShouldBe("6");
        File.Exists(options.CheckpointFile).ShouldBeFalse();
        File.Exists(options.TextFile).ShouldBeTrue();
    }

    [Fact]
    public async Task Text_rows_longer_than_the_context_are_refused()
    {
        using var model = new TinyModel();
        var options = new PromptTokensOptions { Model = model.Path, Out = model["out"], Training = new PromptTrainingOptions { Length = 129 }, Threads = 1 };
        (await Should.ThrowAsync<PpdException>(() => new PromptTokensRun(new Terminal(), options).Run(TestContext.Current.CancellationToken))).Message.ShouldContain("5 to 128");
    }

    [Fact]
    public void Training_that_does_not_fit_in_memory_is_refused_with_what_it_needs()
    {
        using var model = new TinyModel();
        var estimate = MemoryEstimate.Of(model.Transformer.Config, 1_000_000, new PromptTrainingOptions { Length = 128 });
        estimate.Require(1L << 40);
        Should.Throw<PpdException>(() => estimate.Require(100_000_000)).Message.ShouldContain("0.1 GB are available");
    }
}
