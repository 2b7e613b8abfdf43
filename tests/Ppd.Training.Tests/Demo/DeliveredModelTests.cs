using Ppd.Drafting;
using Ppd.Native;
using Ppd.Training.Demo;
using Ppd.Training.Demo.Exam;

namespace Ppd.Training.Tests.Demo;

/// <summary>The files in <c>models/</c> are what this code makes, and run; how good they are stands in models/README.md.</summary>
public sealed class DeliveredModelTests
{
    const int Questions = 40;

    static readonly string Path = Find();

    [Fact]
    public void The_model_is_small_and_has_the_template_of_this_code()
    {
        new FileInfo(Path).Length.ShouldBeLessThan(11_000_000);
        using var file = GgufFile.Open(Path);
        GgufModelCheck.Check(file).ChatTemplate.ShouldBe(DemoTemplate.Source);
    }

    [Fact]
    public void The_prompt_tokens_belong_to_the_model_and_guess_mostly_right()
    {
        using var file = GgufFile.Open(Path);
        var tokens = PromptTokenFile.Read(PromptTokenFile.PathBeside(Path), BaseModel.Of(file));
        tokens.Count.ShouldBe(3);
        tokens.Accuracy.ShouldNotBeNull();
        tokens.Accuracy.ShouldAllBe(ranks => ranks[0] > 0.5f);
        tokens.Calibration.ShouldNotBeNull();
    }

    [Fact]
    public void Replies_to_tool_requests_are_calls_that_end_by_themselves()
    {
        using var model = LlamaModel.Load(LlamaLibrary.Load(null, null), Path, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var reader = new GreedyReader(model, threads: 1);
        var answers = ToolExam.Questions(Questions, 77, usual: true).Select(question => reader.Answer(question.Conversation)).ToArray();
        answers.Count(answer => answer.EndedItself && answer.Text.StartsWith("<tool_call>", StringComparison.Ordinal) && answer.Text.EndsWith("</tool_call>", StringComparison.Ordinal))
            .ShouldBeGreaterThan(Questions / 2);
    }

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Ppd.SemanticKernel.sln"))) folder = folder.Parent;
        return System.IO.Path.Combine(folder.ShouldNotBeNull().FullName, "models", "ppd-demo.gguf");
    }
}
