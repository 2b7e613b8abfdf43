using System.Text.Json;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class InspectPromptTokensTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly BaseModel _model;

    public InspectPromptTokensTests()
    {
        RandomModel.Write(ModelPath, new RandomModelOptions { Seed = 7, AddsBeginToken = false });
        using var file = GgufFile.Open(ModelPath);
        _model = BaseModel.Of(file);
    }

    string ModelPath => _folder["random.gguf"];

    string Beside => _folder["random.ppd.gguf"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_given_directly_is_described_and_compared_with_the_model_beside_it()
    {
        Write(Beside, _model);
        var run = await PpdProgram.Run(["inspect", Beside]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0, run.Error),
            () => Row(run, "trained for").ShouldBe("random-2x64-7, llama, width 64, 512 tokens"),
            () => Row(run, "fingerprint").ShouldBe(_model.Fingerprint),
            () => Row(run, "guesses").ShouldBe("2 tokens ahead, 3 rows each, adapted to the token before with rank 1"),
            () => Row(run, "mask").ShouldBe("ensemble"),
            () => Row(run, "hit rates, 1 ahead").ShouldBe("50 12.5 % by rank; top 2 together 62.5 %"),
            () => Row(run, "hit rates, 2 ahead").ShouldBe("25 % by rank; top 1 together 25 %"),
            () => Row(run, "calibration").ShouldStartWith("no"),
            () => Row(run, "data").ShouldBe("[red]books[/].txt"),
            () => Row(run, "fits the model").ShouldBe("yes"),
            () => run.Output.ShouldContain("can be used with the model beside them"),
            () => run.Error.ShouldBeEmpty());
    }

    [Fact]
    public async Task File_without_a_model_beside_it_is_described()
    {
        Write(_folder["alone.ppd.gguf"], _model);
        var run = await PpdProgram.Run(["inspect", _folder["alone.ppd.gguf"]]);
        run.ExitCode.ShouldBe(0, run.Error);
        Row(run, "fits the model").ShouldBe("not known: there is no model beside the file");
    }

    [Fact]
    public async Task File_of_another_name_is_known_by_its_header()
    {
        Write(_folder["renamed.gguf"], _model);
        var run = await PpdProgram.Run(["inspect", _folder["renamed.gguf"], "--json"]);
        run.ExitCode.ShouldBe(0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var content = json.RootElement.GetProperty("content");
        content.GetProperty("count").GetInt32().ShouldBe(2);
        content.GetProperty("mask").GetString().ShouldBe("ensemble");
        content.GetProperty("accuracy")[0][1].GetSingle().ShouldBe(0.125f);
        json.RootElement.GetProperty("fitsModel").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task File_of_another_model_is_told_from_both_sides()
    {
        Write(Beside, _model with { Name = "stranger", Fingerprint = new string('0', 32) });
        var direct = await PpdProgram.Run(["inspect", Beside]);
        var model = await PpdProgram.Run(["inspect", ModelPath]);
        direct.ExitCode.ShouldBe(1);
        direct.Output.ShouldContain("These prompt tokens cannot be used.");
        Row(direct, "fits the model").ShouldBe("no");
        model.ExitCode.ShouldBe(1);
        model.Output.ShouldContain("the prompt tokens beside it are refused");
        Row(direct, "problem").ShouldContain("was trained for 'stranger'");
        Row(model, "problem").ShouldContain("was trained for 'stranger'");
        Row(model, "trained for").ShouldStartWith("stranger");
    }

    [Fact]
    public async Task Model_shows_the_prompt_tokens_beside_it()
    {
        var without = await PpdProgram.Run(["inspect", ModelPath, "--json"]);
        Write(Beside, _model);
        var report = await PpdProgram.Run(["inspect", ModelPath]);
        var data = await PpdProgram.Run(["inspect", ModelPath, "--json"]);
        Row(report, "fits the model").ShouldBe("yes");
        Row(report, "guesses").ShouldStartWith("2 tokens ahead");
        using var absent = JsonDocument.Parse(without.Output);
        absent.RootElement.GetProperty("promptTokens").ValueKind.ShouldBe(JsonValueKind.Null);
        using var json = JsonDocument.Parse(data.Output);
        json.RootElement.GetProperty("promptTokens").GetProperty("fitsModel").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("promptTokens").GetProperty("path").GetString().ShouldBe(Beside);
    }

    [Fact]
    public async Task Damaged_file_is_refused_in_one_line_and_told_beside_the_model()
    {
        await File.WriteAllTextAsync(Beside, "Not Found", TestContext.Current.CancellationToken);
        var direct = await PpdProgram.Run(["inspect", Beside]);
        var model = await PpdProgram.Run(["inspect", ModelPath]);
        direct.ExitCode.ShouldBe(1);
        direct.ErrorLines.ShouldHaveSingleItem().ShouldContain("is not a GGUF file");
        direct.Output.ShouldBeEmpty();
        Row(model, "problem").ShouldContain("is not a GGUF file");
    }

    [Fact]
    public async Task Prompt_tokens_that_the_engine_cannot_decode_are_told()
    {
        Write(_folder["alone.ppd.gguf"], _model, PromptTokenMask.Decoder);
        var run = await PpdProgram.Run(["inspect", _folder["alone.ppd.gguf"]]);
        run.ExitCode.ShouldBe(1);
        Row(run, "problem").ShouldContain("mask rule 'decoder'");
    }

    [Fact]
    public async Task Chat_uses_the_prompt_tokens_beside_the_model_unless_told_otherwise()
    {
        Write(Beside, _model with { Name = "stranger", Fingerprint = new string('0', 32) });
        Write(_folder["elsewhere.ppd.gguf"], _model);
        string[] arguments = ["chat", ModelPath, "--prompt", "hello", "--seed", "1", "--max-tokens", "30"];
        var refused = await PpdProgram.Run(arguments);
        var off = await PpdProgram.Run([.. arguments, "--prompt-tokens", "off"]);
        var elsewhere = await PpdProgram.Run([.. arguments, "--prompt-tokens", _folder["elsewhere.ppd.gguf"]]);
        refused.ExitCode.ShouldBe(1);
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain("was trained for 'stranger'");
        off.ExitCode.ShouldBe(0, off.Error);
        off.Output.Trim().ShouldNotBeEmpty();
        elsewhere.ExitCode.ShouldBe(0, elsewhere.Error);
        elsewhere.Output.ShouldBe(off.Output);
    }

    [Theory]
    [InlineData("--template")]
    [InlineData("--runtime=/")]
    public async Task Options_for_models_are_refused(string option)
    {
        Write(Beside, _model);
        var run = await PpdProgram.Run(["inspect", Beside, option]);
        run.ExitCode.ShouldBe(1);
        run.ErrorLines.ShouldHaveSingleItem().ShouldContain("holds prompt tokens");
    }

    [Fact]
    public async Task Longest_label_is_apart_from_its_value()
    {
        var run = await PpdProgram.Run(["inspect", ModelPath]);
        run.Output.ShouldContain("  prompt begins with  no bos token\n");
    }

    static void Write(string path, BaseModel model, PromptTokenMask mask = PromptTokenMask.Ensemble) => PromptTokenFile.Write(path, new PromptTokens
    {
        Count = 2,
        Ensemble = 3,
        Rows = new float[2 * 3 * 64],
        Mask = mask,
        Model = model,
        Conditional = new LowRank(1, new float[64], new float[2 * 64]),
        Accuracy = [[0.5f, 0.125f], [0.25f]],
        Training = new Dictionary<string, string> { ["data"] = "[red]books[/].txt" },
    });

    // The value of a labelled row.
    static string Row(ProgramRun run, string label) =>
        run.Output.Split('\n').First(line => line.StartsWith($"  {label}  ", StringComparison.Ordinal))[(label.Length + 2)..].Trim();
}
