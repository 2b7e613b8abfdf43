using System.Text.Json;
using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class BenchTests(RandomModelFile random) : IClassFixture<RandomModelFile>
{
    static readonly string[] Short = ["bench", "--arms", "plain,ngram", "--max-tokens", "8", "--repeat", "1"];

    [Fact]
    public async Task Json_has_all_figures_and_the_replies_are_the_same()
    {
        using var folder = new TemporaryFolder();
        var run = await PpdProgram.Run([.. Short, "--json", folder["bench.json"], "--plots", folder["plots"]]);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("ppd-demo.gguf");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        var result = json.RootElement;
        result.ShouldSatisfyAllConditions(
            () => result.GetProperty("machine").GetProperty("cores").GetInt32().ShouldBe(Environment.ProcessorCount),
            () => result.GetProperty("machine").GetProperty("cpu").GetString().ShouldNotBeNullOrWhiteSpace(),
            () => result.GetProperty("machine").GetProperty("dotnet").GetString()!.ShouldStartWith("10."),
            () => result.GetProperty("runtime").GetProperty("devices").GetArrayLength().ShouldBePositive(),
            () => result.GetProperty("model").GetProperty("file").GetString().ShouldBe("ppd-demo.gguf"),
            () => result.GetProperty("model").GetProperty("parameters").GetInt64().ShouldBePositive(),
            () => result.GetProperty("options").GetProperty("prompt_count").GetInt32().ShouldBe(12),
            () => result.GetProperty("options").GetProperty("threads").GetInt32().ShouldBe(1),
            () => result.GetProperty("cost_curve").GetProperty("rows")[0].GetInt32().ShouldBe(1),
            () => result.GetProperty("cost_curve").GetProperty("milliseconds")[0].GetDouble().ShouldBePositive(),
            () => result.GetProperty("load_average").ValueKind.ShouldBe(File.Exists("/proc/loadavg") ? JsonValueKind.Array : JsonValueKind.Null),
            () => result.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()).ShouldBe(["plain", "ngram"]));
        var (plain, ngram) = (result.GetProperty("arms")[0], result.GetProperty("arms")[1]);
        plain.ShouldSatisfyAllConditions(
            () => plain.GetProperty("plan").GetString().ShouldBe("off"),
            () => plain.GetProperty("speedup_vs_plain").GetDouble().ShouldBe(1),
            () => plain.GetProperty("tokens_per_step").GetDouble().ShouldBe(1),
            () => plain.GetProperty("rows_per_step").GetDouble().ShouldBe(1),
            () => plain.GetProperty("wasted_rows_per_step").GetDouble().ShouldBe(0),
            () => plain.GetProperty("sizes").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("1"),
            () => plain.GetProperty("acceptance").ValueKind.ShouldBe(JsonValueKind.Null));
        result.GetProperty("planner").ValueKind.ShouldBe(JsonValueKind.Null);
        ngram.ShouldSatisfyAllConditions(
            () => ngram.GetProperty("identical").GetBoolean().ShouldBeTrue(),
            () => ngram.GetProperty("near_ties").GetInt32().ShouldBeGreaterThanOrEqualTo(0),
            () => ngram.GetProperty("tokens").GetInt32().ShouldBePositive(),
            () => ngram.GetProperty("tokens_per_second").GetProperty("median").GetDouble().ShouldBePositive(),
            () => ngram.GetProperty("tokens_per_second").GetProperty("min").GetDouble().ShouldBeLessThanOrEqualTo(ngram.GetProperty("tokens_per_second").GetProperty("max").GetDouble()),
            () => ngram.GetProperty("host_us_per_step").GetDouble().ShouldBePositive(),
            () => ngram.GetProperty("worst_prompt_speedup").GetDouble().ShouldBeLessThanOrEqualTo(ngram.GetProperty("speedup_vs_plain").GetDouble()),
            () => ngram.GetProperty("worst_prompt").GetString().ShouldNotBeNullOrEmpty());
        foreach (var plot in new[] { "cost_curve.png", "speed.png", "step_time.png" })
            File.ReadAllBytes(Path.Combine(folder["plots"], plot)).AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue(plot);
    }

    [Fact]
    public async Task Replies_under_a_schema_are_the_same_with_what_the_grammar_forces()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["schema.json"], """{"type": "object", "properties": {"product": {"type": "string", "maxLength": 20}, "in_stock": {"type": "boolean"}}, "required": ["product", "in_stock"]}""");
        var run = await PpdProgram.Run(["bench", "--schema", folder["schema.json"], "--arms", "grammar", "--plan", "tree8", "--limit", "2", "--max-tokens", "60", "--repeat", "1", "--json", folder["bench.json"]]);
        run.ExitCode.ShouldBe(0, run.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        json.RootElement.GetProperty("options").GetProperty("schema").GetString().ShouldBe("schema.json");
        var grammar = json.RootElement.GetProperty("arms")[1];
        grammar.GetProperty("name").GetString().ShouldBe("grammar");
        grammar.GetProperty("identical").GetBoolean().ShouldBeTrue();
        grammar.GetProperty("tokens_per_step").GetDouble().ShouldBeGreaterThan(1.2);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("""{"type": "array", "uniqueItems": true}""", "'uniqueItems' at '#'")]
    public async Task A_schema_that_cannot_be_used_is_told(string schema, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["schema.json"], schema);
        var run = await PpdProgram.Run([.. Short, "--schema", folder["schema.json"]]);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task Planner_is_compared_with_forced_sizes_and_guesses_are_counted()
    {
        using var folder = new TemporaryFolder();
        var run = await PpdProgram.Run(["bench", "--arms", "all,chain", "--rows", "6", "--sizes", "1,4", "--max-tokens", "8", "--repeat", "1", "--json", folder["bench.json"], "--plots", folder["plots"]]);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("Best forced size");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        var (arms, planner) = (json.RootElement.GetProperty("arms").EnumerateArray().ToDictionary(arm => arm.GetProperty("name").GetString()!), json.RootElement.GetProperty("planner"));
        arms.Values.Select(arm => $"{arm.GetProperty("name")} {arm.GetProperty("plan")}").ShouldBe(["plain off", "all auto", "chain chain6", "tree1 off", "tree4 tree4"]);
        arms.Values.ShouldAllBe(arm => arm.GetProperty("identical").GetBoolean());
        var best = arms[FormattableString.Invariant($"tree{planner.GetProperty("best_forced_rows").GetInt32()}")];
        planner.GetProperty("best_forced_tokens_per_second").GetDouble().ShouldBe(Median(best));
        planner.GetProperty("auto_tokens_per_second").GetDouble().ShouldBe(Median(arms["all"]));
        planner.GetProperty("auto_of_best").GetDouble().ShouldBePositive();
        var (tree, counts) = (arms["tree4"], arms["tree4"].GetProperty("acceptance_by_depth"));
        tree.GetProperty("sizes").EnumerateObject().Max(size => int.Parse(size.Name)).ShouldBe(4);
        (tree.GetProperty("wasted_rows_per_step").GetDouble() + tree.GetProperty("tokens_per_step").GetDouble()).ShouldBe(tree.GetProperty("rows_per_step").GetDouble(), 1e-9);
        counts[0].GetProperty("depth").GetInt32().ShouldBe(1);
        counts[0].GetProperty("rank").GetInt32().ShouldBe(1);
        counts[0].GetProperty("verified").GetInt32().ShouldBePositive();
        counts[0].GetProperty("right").GetInt32().ShouldBeLessThanOrEqualTo(counts[0].GetProperty("verified").GetInt32());
        Directory.GetFiles(folder["plots"]).Select(Path.GetFileName).ShouldBe(["acceptance.png", "cost_curve.png", "speed.png", "speed_by_size.png", "step_time.png"], ignoreOrder: true);

        static double Median(JsonElement arm) => arm.GetProperty("tokens_per_second").GetProperty("median").GetDouble();
    }

    [Fact]
    public async Task Several_requests_at_once_by_chance_say_the_same_too()
    {
        using var folder = new TemporaryFolder();
        var run = await PpdProgram.Run(["bench", "--model", random.Path, "--arms", "ngram", "--max-tokens", "24", "--repeat", "1", "--limit", "3", "--concurrency", "2", "--temperature", "0.7", "--seed", "5",
            "--json", folder["bench.json"]]);
        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        using var json = JsonDocument.Parse(File.ReadAllText(folder["bench.json"]));
        json.RootElement.GetProperty("arms")[1].GetProperty("identical").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("arms")[1].GetProperty("tokens_per_second").GetProperty("median").GetDouble().ShouldBePositive();
    }

    [Fact]
    public async Task Arms_without_prompt_tokens_are_left_out_unless_asked_for()
    {
        string[] arguments = ["bench", "--model", random.Path, "--max-tokens", "4", "--repeat", "1", "--limit", "1"];
        var all = await PpdProgram.Run(arguments);
        all.ExitCode.ShouldBe(0, all.Error);
        all.Output.ShouldContain("Arm prompt-tokens left out");
        var named = await PpdProgram.Run([.. arguments, "--arms", "prompt-tokens"]);
        named.ExitCode.ShouldBe(1);
        named.ErrorLines.ShouldHaveSingleItem().ShouldContain("'prompt-tokens' cannot run: the model has no prompt tokens");
    }

    [Fact]
    public async Task Prompts_too_long_for_the_context_are_skipped_and_told()
    {
        var prompts = random.Beside("prompts.txt");
        await File.WriteAllTextAsync(prompts, $"{new string('x', 3000)}\nHello\n", TestContext.Current.CancellationToken);
        var some = await PpdProgram.Run([.. Short, "--model", random.Path, "--prompts", prompts]);
        some.ExitCode.ShouldBe(0, some.Error);
        some.Output.ShouldContain("1 of the prompts left out, too long for the context of 512 tokens");
        var none = await PpdProgram.Run([.. Short, "--model", random.Path, "--prompts", prompts, "--context", "8"]);
        none.ExitCode.ShouldBe(1);
        none.ErrorLines.ShouldHaveSingleItem().ShouldContain("All 2 prompts are too long");
    }

    [Theory]
    [InlineData("--arms=plain,medusa", "allowed are plain, ngram, prompt-tokens, grammar, static, all, chain, tree")]
    [InlineData("--arms=plain,grammar", "Give a JSON schema with --schema")]
    [InlineData("--plan=bush7", "'bush7' is no plan")]
    [InlineData("--rows=65", "allowed are whole numbers from 1 to 64")]
    [InlineData("--sizes=4,x", "--sizes has 'x'")]
    [InlineData("--flash-attention=yes", "--flash-attention")]
    [InlineData("--peer=http://example.com:8080", "which is not this machine")]
    [InlineData("--peer=localhost", "allowed is an address")]
    [InlineData("--grammar=x", "--grammar")]
    [InlineData("--schema=absent.json", "absent.json")]
    [InlineData("--prompts=absent.txt", "absent.txt")]
    [InlineData("--model=absent.gguf", "absent.gguf")]
    [InlineData("--json=absent/bench.json", "absent/bench.json")]
    [InlineData("--peer=http://127.0.0.1:1", "cannot be reached")]
    public async Task Arguments_that_mean_nothing_are_refused(string argument, string expected)
    {
        var run = await PpdProgram.Run(["bench", "--limit", "1", "--repeat", "1", argument]);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(expected);
        run.Error.ShouldNotContain("   at ");
        run.Output.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_names_the_default_of_every_option()
    {
        var run = await PpdProgram.Run(["bench", "--help"]);
        var text = string.Join(' ', run.Output[run.Output.IndexOf("Options:", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var options = text.Split(" --").Skip(1).Where(option => !option.StartsWith("help")).ToArray();
        options.Length.ShouldBe(22);
        options.ShouldAllBe(option => option.Contains("Default"));
    }
}
