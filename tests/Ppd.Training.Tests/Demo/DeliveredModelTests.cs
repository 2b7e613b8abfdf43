using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Demo;
using Ppd.Training.Demo.Exam;

namespace Ppd.Training.Tests.Demo;

/// <summary>The files in <c>models/</c> are what this code makes, and good enough to show.</summary>
public sealed class DeliveredModelTests
{
    const int Questions = 40;
    const int MostWrong = 20;   // a floor against a broken file; the measured share is in models/README.md

    static readonly string Path = Find();

    [Fact]
    public void The_model_is_small_and_has_the_template_of_this_code()
    {
        new FileInfo(Path).Length.ShouldBeLessThan(11_000_000);
        using var file = GgufFile.Open(Path);
        GgufModelCheck.Check(file).ChatTemplate.ShouldBe(DemoTemplate.Source);
    }

    [Fact]
    public void The_prompt_tokens_belong_to_the_model_and_guess_well()
    {
        using var file = GgufFile.Open(Path);
        var tokens = PromptTokenFile.Read(PromptTokenFile.PathBeside(Path), BaseModel.Of(file));
        tokens.Count.ShouldBe(3);
        tokens.Accuracy.ShouldNotBeNull();
        tokens.Accuracy.ShouldAllBe(ranks => ranks[0] > 0.5f);
        tokens.Calibration.ShouldNotBeNull();
    }

    [Fact]
    public void It_calls_the_right_tool_for_requests_in_new_phrasings()
    {
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), Path, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var reader = new GreedyReader(model, threads: 1);
        var wrong = ToolExam.Questions(Questions, 77).Select(question => (question, Answer: reader.Answer(question.Conversation))).Where(pair => !pair.question.IsAnsweredBy(pair.Answer.Text));
        wrong.Select(pair => $"{pair.question.Request} → {pair.Answer.Text}").Count().ShouldBeLessThanOrEqualTo(MostWrong);
    }

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Ppd.SemanticKernel.sln"))) folder = folder.Parent;
        return System.IO.Path.Combine(folder.ShouldNotBeNull().FullName, "models", "ppd-demo.gguf");
    }
}
