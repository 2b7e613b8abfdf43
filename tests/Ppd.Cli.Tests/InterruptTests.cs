using Ppd.Testing;

namespace Ppd.Cli.Tests;

/// <summary>Ctrl+C during replies that would take minutes: the context is long and nothing ends them but its end.</summary>
public sealed class InterruptTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string[] _arguments;

    public InterruptTests()
    {
        // at temperature 0 this reply of the model is thousands of tokens long
        RandomModel.Write(_folder["long.gguf"], new RandomModelOptions { Seed = 7, ContextLength = 1 << 17, ChatTemplate = RandomModelFile.Template });
        _arguments = ["chat", _folder["long.gguf"], "--context", $"{1 << 17}", "--temperature", "0", "--draft-tokens", "0"];
    }

    [Fact]
    public async Task First_press_stops_the_reply_and_the_next_one_ends_the_program()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), LiveProgram.NoSignals);
        using var program = new LiveProgram(_arguments);
        await program.Type("say more");
        await program.SomeReply();
        program.PressCtrlC();
        (await program.ErrorLine()).ShouldBe("Interrupted.");
        await program.Type("/reset");
        (await program.ErrorLine()).ShouldBe("The conversation is forgotten.");
        program.PressCtrlC();
        (await program.ExitCode()).ShouldBe(130);
    }

    [Fact]
    public async Task Press_during_a_single_reply_is_in_the_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), LiveProgram.NoSignals);
        using var program = new LiveProgram([.. _arguments, "--prompt", "say more"]);
        await program.SomeReply();
        program.PressCtrlC();
        (await program.ErrorLine()).ShouldBe("Interrupted.");
        (await program.ExitCode()).ShouldBe(130);
    }

    public void Dispose() => _folder.Dispose();
}
