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

    [Fact]
    public async Task Model_with_learned_positions_is_described()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        string[] arguments = ["inspect", SharedData.Path("models", "cardputer-chat-3M", "cardputer-chat-3M-f32.gguf")];
        var report = await PpdProgram.Run(arguments);
        var data = await PpdProgram.Run([.. arguments, "--json"]);
        report.Output.ShouldContain("256 at most; positions are learned");
        using var json = JsonDocument.Parse(data.Output);
        var facts = json.RootElement;
        facts.ShouldSatisfyAllConditions(
            () => facts.GetProperty("model").GetProperty("architecture").GetString().ShouldBe("gpt2"),
            () => facts.GetProperty("model").GetProperty("layers").GetInt32().ShouldBe(8),
            () => facts.GetProperty("tokenizer").GetProperty("tokens").GetInt32().ShouldBe(14_019),
            () => facts.GetProperty("engine").GetProperty("learnedPositions").GetBoolean().ShouldBeTrue(),
            () => facts.GetProperty("cache").GetProperty("contextLength").GetInt32().ShouldBe(256));
    }

    [Fact]
    public async Task Default_context_is_the_one_a_model_gets_when_it_is_loaded()
    {
        var path = model.Beside("long.gguf");
        RandomModel.Write(path, new RandomModelOptions { ContextLength = 8192 });
        var run = await PpdProgram.Run(["inspect", path, "--json"]);
        using var json = JsonDocument.Parse(run.Output);
        using var loaded = PpdModel.Load(new PpdModelOptions { ModelPath = path, Slots = 1, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        json.RootElement.GetProperty("cache").GetProperty("contextLength").GetInt32().ShouldBe(loaded.ContextLength);
    }

    [Fact]
    public async Task Without_llama_cpp_the_model_is_described_and_the_exit_code_tells()
    {
        string[] arguments = ["inspect", model.Path, "--runtime", model.Beside("nowhere")];
        var report = await PpdProgram.Run(arguments);
        var data = await PpdProgram.Run([.. arguments, "--json"]);
        report.ShouldSatisfyAllConditions(
            () => report.ExitCode.ShouldBe(1),
            () => report.Output.ShouldContain("random-2x64-7"),
            () => report.Output.ShouldContain("llama.cpp could not be loaded at the given path"),
            () => report.Output.ShouldContain("there is no llama.cpp to run it"),
            () => (report.Output + report.Error).ShouldNotContain("   at "));
        data.ExitCode.ShouldBe(1);
        using var json = JsonDocument.Parse(data.Output);
        json.RootElement.GetProperty("usable").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("runtime").GetProperty("error").GetString()!.ShouldContain("nowhere");
    }

    [Fact]
    public async Task Refused_template_makes_the_model_unusable()
    {
        var path = model.Beside("template.gguf");
        RandomModel.Write(path, new RandomModelOptions { ChatTemplate = "{% include '[/red]' %}" });
        var run = await PpdProgram.Run(["inspect", path]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(1, run.Error),
            () => run.Output.ShouldContain("Chat template, line 1"),
            () => run.Output.ShouldContain("{% include '[/red]' %}"),
            () => run.Output.ShouldContain("its chat template is refused"));
    }

    [Fact]
    public async Task Output_that_is_no_terminal_has_no_colours_margins_or_trailing_spaces()
    {
        var run = await PpdProgram.Run(["inspect", model.Path]);
        var lines = run.Output.Split('\n');
        lines.Length.ShouldBeGreaterThan(20);
        lines.ShouldNotContain(line => line.Contains('\e') || line.EndsWith(' '));
        run.Output.ShouldContain(model.Path);
    }

    [Fact]
    public async Task Vocabulary_without_weights_is_refused_in_one_line()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        var run = await PpdProgram.Run(["inspect", SharedData.Path("models", "vocab-only", "ggml-vocab-qwen2.gguf")]);
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.ErrorLines.ShouldHaveSingleItem().ShouldContain("it holds a vocabulary only");
    }

    [Fact]
    public async Task Help_names_the_program_and_the_default_of_every_option()
    {
        var run = await PpdProgram.Run(["chat", "--help"]);
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("ppd chat");
        var text = string.Join(' ', run.Output[run.Output.IndexOf("Options:", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var options = text.Split(" --").Skip(1).Where(option => !option.StartsWith("help")).ToArray();
        options.Length.ShouldBe(21);
        options.ShouldAllBe(option => option.Contains("Default"));
    }
}
