using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ppd.Cli.Tests;

/// <summary>The real program while it runs: for tests that press Ctrl+C.</summary>
sealed class LiveProgram : IDisposable
{
    internal const string NoSignals = "Windows has no SIGINT that one process could send to another alone.";

    const int Interrupt = 2;    // SIGINT

    readonly Process _process;
    readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    internal LiveProgram(params string[] arguments)
    {
        var start = PpdProgram.Start(arguments);
        _process = Process.Start(start)!;
    }

    internal async Task Type(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync(_cancelled);
    }

    internal void PressCtrlC() => Kill(_process.Id, Interrupt).ShouldBe(0);

    /// <summary>Waits for some text of a reply.</summary>
    internal async Task SomeReply() =>
        (await _process.StandardOutput.ReadAsync(new char[1], _cancelled)).ShouldBe(1, "the program ended before it replied");

    /// <summary>The next line on standard error; null at its end.</summary>
    internal async Task<string?> ErrorLine() => await _process.StandardError.ReadLineAsync(_cancelled);

    /// <summary>Reads what is left to read, so that the program is not held up by a full pipe, and waits for the end.</summary>
    internal async Task<int> ExitCode()
    {
        var output = _process.StandardOutput.ReadToEndAsync(_cancelled);
        var error = _process.StandardError.ReadToEndAsync(_cancelled);
        await _process.WaitForExitAsync(_cancelled);
        await Task.WhenAll(output, error);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);
}
