using System.Diagnostics;
using System.Text;

namespace Ppd.Cli.Tests;

/// <summary>What a run of the program left behind.</summary>
sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    internal string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The real program as a process of its own.</summary>
static class PpdProgram
{
    internal static ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ppd.Cli.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["CI"] = "1";  // one thread
        return start;
    }

    internal static Task<ProgramRun> Run(string[] arguments, string input = "", string? plan = null)
    {
        var start = Start(arguments);
        if (plan != null) start.Environment["PPD_PLAN"] = plan;
        return Run(start, input);
    }

    internal static async Task<ProgramRun> Run(ProcessStartInfo start, string input = "")
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        using var kill = cancelled.Register(() => process.Kill());
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var error = process.StandardError.ReadToEndAsync(cancelled);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancelled);
        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
