using Ppd.Testing;

namespace Ppd.Cli.Tests;

public sealed class ChatTests(RandomModelFile model) : IClassFixture<RandomModelFile>
{
    const string Statistics = "drafts right";

    [Fact]
    public async Task Prompt_gets_the_same_reply_with_and_without_drafts()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "tell me a tale", "--seed", "11", "--temperature", "0.5", "--max-tokens", "150"];
        var plain = await PpdProgram.Run([.. arguments, "--draft-tokens", "0"]);
        var drafted = await PpdProgram.Run([.. arguments, "--draft-tokens", "8", "--plan", "tree9"]);
        plain.ShouldSatisfyAllConditions(
            () => plain.ExitCode.ShouldBe(0, plain.Error),
            () => plain.Output.Trim().ShouldNotBeEmpty(),
            () => plain.ErrorLines.ShouldHaveSingleItem().ShouldContain(" 0 of 0 " + Statistics),
            () => drafted.ErrorLines.ShouldHaveSingleItem().ShouldNotContain(" of 0 " + Statistics),
            () => drafted.Output.ShouldBe(plain.Output));
    }

    [Fact]
    public async Task Every_step_is_explained_on_request()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--prompt", "tell me a tale", "--seed", "11", "--temperature", "0.5", "--max-tokens", "60", "--plan", "tree6", "--explain"]);
        run.ExitCode.ShouldBe(0, run.Error);
        var steps = run.ErrorLines[..^1];
        steps.Length.ShouldBeInRange(20, 60);
        steps.ShouldAllBe(line => line.Contains(" rows, ") && line.Contains("a row more must bring"));
        steps.ShouldContain(line => line.Contains(" n-gram "));
        run.ErrorLines[^1].ShouldContain($"in {steps.Length} steps");
    }

    [Fact]
    public async Task Plan_of_the_environment_holds_unless_an_option_names_another()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "tell me a tale", "--seed", "11", "--temperature", "0.5", "--max-tokens", "60"];
        var forced = await PpdProgram.Run(arguments, plan: "tree9");
        forced.ErrorLines[^1].ShouldNotContain(" of 0 " + Statistics);
        (await PpdProgram.Run([.. arguments, "--plan", "off"], plan: "tree9")).ErrorLines[^1].ShouldContain("(1.00 a step, 1.0 rows), 0 of 0 " + Statistics);
        var refused = await PpdProgram.Run(arguments, plan: "hedge");
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("'hedge' is no plan");
    }

    [Fact]
    public async Task Plan_that_there_is_not_is_refused_with_those_there_are()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--prompt", "a", "--plan", "bush4"]);
        run.ExitCode.ShouldNotBe(0);
        run.Error.ShouldContain("'bush4' is no plan");
        run.Error.ShouldContain("treeN");
    }

    [Fact]
    public async Task Piped_lines_are_prompts_of_one_conversation()
    {
        string[] arguments = ["chat", model.Path, "--seed", "5", "--max-tokens", "12"];
        var first = await PpdProgram.Run([.. arguments, "--prompt", "one and two"]);
        var both = await PpdProgram.Run(arguments, "one and two\nthree\n");
        both.ShouldSatisfyAllConditions(
            () => both.ExitCode.ShouldBe(0, both.Error),
            () => both.Output.ShouldStartWith(first.Output),
            () => both.Output.Length.ShouldBeGreaterThan(first.Output.Length + 1),
            () => both.ErrorLines.Count(line => line.Contains(Statistics)).ShouldBe(2),
            () => both.ErrorLines[^1].ShouldNotContain("(0 cached)"));
    }

    [Fact]
    public async Task Reset_makes_the_next_reply_the_first()
    {
        string[] arguments = ["chat", model.Path, "--seed", "5", "--max-tokens", "12"];
        var run = await PpdProgram.Run(arguments, "one and two\n/reset\none and two\n/exit\none and two\n");
        var half = run.Output.Length / 2;
        run.ErrorLines.Count(line => line.Contains(Statistics)).ShouldBe(2);
        run.Output[..half].ShouldBe(run.Output[half..]);
    }

    [Fact]
    public async Task Prompt_too_long_for_the_context_leaves_the_session_alive()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--context", "64", "--max-tokens", "4"], new string('x', 300) + "\nshort\n");
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(1),
            () => run.ErrorLines[0].ShouldContain("the context holds 64"),
            () => run.ErrorLines[^1].ShouldContain(Statistics),
            () => run.Error.ShouldNotContain("   at "));
    }

    [Fact]
    public async Task System_command_has_the_effect_of_the_option()
    {
        string[] arguments = ["chat", model.Path, "--seed", "5", "--max-tokens", "40"];
        var option = await PpdProgram.Run([.. arguments, "--system", "count sheep", "--prompt", "one and two"]);
        var command = await PpdProgram.Run(arguments, "/system count sheep\none and two\n");
        var none = await PpdProgram.Run(arguments, "one and two\n");
        option.Output.Trim().ShouldNotBeEmpty();
        command.Output.ShouldBe(option.Output);
        none.Output.ShouldNotBe(option.Output);
    }

    [Fact]
    public async Task Statistics_can_be_switched_off_and_on()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--max-tokens", "4"], "one\n/stats off\ntwo\n/stats on\nthree\n");
        run.ExitCode.ShouldBe(0, run.Error);
        run.ErrorLines.Count(line => line.Contains("Cut off")).ShouldBe(3);
        run.ErrorLines.Count(line => line.Contains(Statistics)).ShouldBe(2);
    }

    [Fact]
    public async Task Unknown_command_is_not_sent_to_the_model()
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--max-tokens", "4"], "/[red]nonsense[/]\n");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.ErrorLines.ShouldHaveSingleItem().ShouldContain("'/[red]nonsense[/]'");
    }

    [Fact]
    public async Task Stop_text_ends_the_reply_before_it()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "@tell [red]me[/]", "--seed", "11", "--max-tokens", "60"];
        var whole = (await PpdProgram.Run(arguments)).Output;
        whole.Length.ShouldBeGreaterThan(12);
        var stop = whole.Substring(8, 4);
        var stopped = await PpdProgram.Run([.. arguments, "--stop", stop]);
        stopped.ExitCode.ShouldBe(0, stopped.Error);
        stopped.Output.TrimEnd('\n').ShouldBe(whole[..whole.IndexOf(stop, StringComparison.Ordinal)].TrimEnd('\n'));
    }

    [Theory]
    [InlineData("--top-k", "1")]
    [InlineData("--top-p", "0")]
    [InlineData("--min-p", "1")]
    [InlineData("--temperature", "0")]
    public async Task Sampling_options_at_their_tightest_are_greedy(string option, string value)
    {
        string[] arguments = ["chat", model.Path, "--prompt", "tell me a tale", "--max-tokens", "30"];
        var greedy = await PpdProgram.Run([.. arguments, "--temperature", "0", "--seed", "1"]);
        var tight = await PpdProgram.Run([.. arguments, option, value, "--seed", "2"]);
        greedy.Output.Trim().ShouldNotBeEmpty();
        tight.ExitCode.ShouldBe(0, tight.Error);
        tight.Output.ShouldBe(greedy.Output);
    }

    [Fact]
    public async Task Repeat_penalty_changes_a_greedy_reply()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "tell me a tale", "--max-tokens", "60", "--temperature", "0"];
        var plain = await PpdProgram.Run(arguments);
        var penalised = await PpdProgram.Run([.. arguments, "--repeat-penalty", "3"]);
        penalised.ExitCode.ShouldBe(0, penalised.Error);
        penalised.Output.ShouldNotBe(plain.Output);
    }

    [Fact]
    public async Task Template_file_replaces_the_template_of_the_model()
    {
        var template = model.Beside("own.jinja");
        await File.WriteAllTextAsync(template, "{{ raise_exception('refused by [red]own[/] template') }}", TestContext.Current.CancellationToken);
        var run = await PpdProgram.Run(["chat", model.Path, "--prompt", "hello", "--template", template]);
        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(1),
            () => run.Output.ShouldBeEmpty(),
            () => run.ErrorLines.ShouldHaveSingleItem().ShouldContain("refused by [red]own[/] template"));
    }

    [Fact]
    public async Task Verbose_shows_the_log_of_llama_cpp()
    {
        string[] arguments = ["chat", model.Path, "--prompt", "hello", "--max-tokens", "2", "--flash-attention", "on"];
        var quiet = await PpdProgram.Run(arguments);
        var verbose = await PpdProgram.Run([.. arguments, "--verbose"]);
        quiet.Error.ShouldNotContain("llama.cpp");
        verbose.Error.ShouldMatch("flash_attn += enabled");
    }

    [Theory]
    [InlineData("stories260K", "stories260K-f32.gguf", "Once upon a time")]
    [InlineData("cardputer-chat-3M", "cardputer-chat-3M-f32.gguf", "How was your day?")]
    public async Task Real_model_says_the_same_with_and_without_drafts(string folder, string file, string prompt)
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        string[] arguments = ["chat", SharedData.Path("models", folder, file), "--prompt", prompt, "--seed", "3", "--temperature", "0.6", "--max-tokens", "120"];
        var plain = await PpdProgram.Run([.. arguments, "--draft-tokens", "0"]);
        var drafted = await PpdProgram.Run([.. arguments, "--draft-tokens", "8"]);
        plain.ExitCode.ShouldBe(0, plain.Error);
        plain.Output.Trim().ShouldNotBeEmpty();
        drafted.Output.ShouldBe(plain.Output);
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("--temperature=-1")]
    [InlineData("--temperature=0,5")]
    [InlineData("--top-p=NaN")]
    [InlineData("--max-tokens=many")]
    [InlineData("--flash-attention=7")]
    public async Task Arguments_that_mean_nothing_are_refused(string argument)
    {
        var run = await PpdProgram.Run(["chat", model.Path, "--prompt", "hello", argument]);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(argument.Split('=')[0]);
        run.Output.Trim().ShouldBeEmpty();
    }
}
