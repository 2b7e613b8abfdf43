using System.Text.Json;
using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class InspectTests(RandomModelFile model) : IClassFixture<RandomModelFile>
{
    [Fact]
    public async Task Report_names_what_the_model_is_and_what_runs_it()
    {
        var run = await PpdProgram.Run(["inspect", model.Path]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0, run.Error),
            () => run.Output.ShouldContain("random-2x64-7"),
            () => run.Output.ShouldContain("2, width 64, 4 heads of 16, 2 KV heads"),
            () => run.Output.ShouldContain("512 tokens"),
            () => run.Output.ShouldContain("256 B per token"),
            () => run.Output.ShouldContain("can render"),
            () => run.Output.ShouldContain("struct layout"),
            () => run.Output.ShouldContain("This model can be used here."),
            () => run.Error.ShouldBeEmpty());
    }

    [Fact]
    public async Task Template_is_printed_whole_where_asked_for()
    {
        var run = await PpdProgram.Run(["inspect", model.Path, "--template"]);
        run.Output.ShouldContain(RandomModelFile.Template);
    }

    [Fact]
    public async Task Json_has_the_values_of_the_model()
    {
        var run = await PpdProgram.Run(["inspect", model.Path, "--json"]);
        run.ExitCode.ShouldBe(0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var facts = json.RootElement;
        facts.ShouldSatisfyAllConditions(
            () => facts.GetProperty("model").GetProperty("architecture").GetString().ShouldBe("llama"),
            () => facts.GetProperty("model").GetProperty("layers").GetInt32().ShouldBe(2),
            () => facts.GetProperty("model").GetProperty("contextLength").GetInt32().ShouldBe(512),
            () => facts.GetProperty("model").GetProperty("parameters").GetInt64().ShouldBe(139_584),
            () => facts.GetProperty("file").GetProperty("bytes").GetInt64().ShouldBe(new FileInfo(model.Path).Length),
            () => facts.GetProperty("tokenizer").GetProperty("tokens").GetInt32().ShouldBe(512),
            () => facts.GetProperty("cache").GetProperty("bytesPerToken").GetInt64().ShouldBe(2 * 2 * 2 * 16 * sizeof(ushort)),
            () => facts.GetProperty("chatTemplate").GetProperty("text").GetString().ShouldBe(RandomModelFile.Template),
            () => facts.GetProperty("runtime").GetProperty("devices").GetArrayLength().ShouldBePositive(),
            () => facts.GetProperty("usable").GetBoolean().ShouldBeTrue());
    }

    [Fact]
    public async Task Damaged_file_is_refused_in_one_line()
    {
        var damaged = model.Beside("damaged.gguf");
        await File.WriteAllBytesAsync(damaged, File.ReadAllBytes(model.Path)[..5000], TestContext.Current.CancellationToken);
        var run = await PpdProgram.Run(["inspect", damaged]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(1),
            () => run.ErrorLines.ShouldHaveSingleItem().ShouldContain("damaged.gguf"),
            () => run.Error.ShouldNotContain("   at "),
            () => run.Output.ShouldBeEmpty());
    }

    [Fact]
    public async Task Missing_file_is_refused_in_one_line()
    {
        var run = await PpdProgram.Run(["inspect", model.Beside("[red]absent[/].gguf")]);
        run.ExitCode.ShouldBe(1);
        run.ErrorLines.ShouldHaveSingleItem().ShouldContain("[red]absent[/].gguf");
    }

    [Fact]
    public async Task Stories_model_is_described()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        var run = await PpdProgram.Run(["inspect", SharedData.Path("models", "stories260K", "stories260K-f32.gguf"), "--json"]);
        run.ExitCode.ShouldBe(0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var shape = json.RootElement.GetProperty("model");
        shape.GetProperty("layers").GetInt32().ShouldBe(5);
        shape.GetProperty("embeddingLength").GetInt32().ShouldBe(64);
        json.RootElement.GetProperty("tokenizer").GetProperty("tokens").GetInt32().ShouldBe(512);
        json.RootElement.GetProperty("chatTemplate").GetProperty("inFile").GetBoolean().ShouldBeFalse();
    }
}
