using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Ppd.Examples.Tests;

/// <summary>The programs under <c>examples</c>, as they were built with these tests.</summary>
static class ExampleProgram
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>How to start one, in its folder and on the model that comes along.</summary>
    public static ProcessStartInfo Start(string name, params string[] arguments)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Ppd.SemanticKernel.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;     // artifacts/bin/PROJECT/CONFIGURATION
        var start = new ProcessStartInfo("dotnet", [Path.Combine(root.FullName, "artifacts", "bin", name, configuration, $"{name}.dll"), .. arguments])
        {
            WorkingDirectory = Path.Combine(root.FullName, "examples", name),
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("PPD_MODEL");
        start.Environment.Remove("PPD_TEMPLATE");
        return start;
    }

    /// <summary>Runs one to its end, which must be a good one.</summary>
    /// <returns>The lines it printed.</returns>
    public static async Task<string[]> Run(string name, string input, CancellationToken cancelled)
    {
        var start = Start(name);
        start.RedirectStandardInput = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, output);
            TestContext.Current.TestOutputHelper!.WriteLine(output);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
