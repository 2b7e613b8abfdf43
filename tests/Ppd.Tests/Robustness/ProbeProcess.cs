using System.Diagnostics;

namespace Ppd.Tests.Robustness;

/// <summary>A child process that may die without taking the tests with it.</summary>
static class ProbeProcess
{
    // many times what any run takes; only a hang reaches it
    static readonly TimeSpan KillLimit = TimeSpan.FromMinutes(5);

    /// <summary>Exit code (null: killed at the limit), lines of standard output, end of standard error.</summary>
    internal static async Task<(int? ExitCode, List<string> Lines, string Errors)> Run(params IEnumerable<string> arguments)
    {
        var name = OperatingSystem.IsWindows() ? "Ppd.LoadProbe.exe" : "Ppd.LoadProbe";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(KillLimit);
        int? exitCode = null;
        try
        {
            await process.WaitForExitAsync(limit.Token);
            exitCode = process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
        var text = await errors;
        return (exitCode, [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)], text[Math.Max(0, text.Length - 2000)..]);
    }
}
