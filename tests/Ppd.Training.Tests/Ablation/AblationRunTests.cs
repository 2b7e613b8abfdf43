using Ppd.Training.Ablation;
using Ppd.Training.Commands;
using Ppd.Training.Data;
using Ppd.Training.Model;
using Ppd.Training.Prompts;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Ablation;

public sealed class AblationRunTests
{
    [Fact]
    public async Task The_report_has_a_row_for_each_variant_that_was_run_and_names_the_others()
    {
        using var model = new TinyModel();
        var options = new AblationOptions(model.Path, model["report"], model["text"], Tokens: 3000, Seconds: 1, ["base", "medusa", "mean-untrained"], Threads: 1,
            new PromptTrainingOptions { Count = 3, Length = 64, BatchRows = 2, Points = 4 });
        await new AblationRun(new Terminal(), options).Run(TestContext.Current.CancellationToken);
        var report = File.ReadAllText(Directory.EnumerateFiles(model["report"], "*.md").ShouldHaveSingleItem());
        report.Split('\n').Count(line => line.StartsWith("| base |", StringComparison.Ordinal) || line.StartsWith("| medusa |", StringComparison.Ordinal)
            || line.StartsWith("| mean-untrained |", StringComparison.Ordinal)).ShouldBe(3);
        report.ShouldContain("Not run: seed-2, count-1");
    }

    [Fact]
    public async Task A_variant_that_does_not_exist_is_refused_by_name()
    {
        var options = new AblationOptions("x", "x", "x", 1, 1, ["bse"], 1, new PromptTrainingOptions { Length = 64 });
        (await Should.ThrowAsync<PpdException>(() => new AblationRun(new Terminal(), options).Run(TestContext.Current.CancellationToken))).Message.ShouldContain("'bse'");
    }

    [Fact]
    public void Untrained_Medusa_heads_guess_what_the_model_says_next()
    {
        using var model = new TinyModel();
        using var scope = NewDisposeScope();
        using var heads = new MedusaHeads(model.Transformer, 2);
        var document = model.Tokens(20);
        var student = heads.Run(Batch.Of([PackedText.Pack([document], 32, 2)[0]], [[7]], CPU)).Student;
        var expected = tensor(LlamaLogits.Of(model.Llama, document)[7]);
        (student[0][0] - expected).abs().max().item<float>().ShouldBeLessThan(1e-3f);
    }
}
