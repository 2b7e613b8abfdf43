using System.Diagnostics;

namespace Ppd.Examples.Tests;

/// <summary>The web chat as a process of its own, on a free port.</summary>
sealed class WebChatServer : IDisposable
{
    const string Announcement = "Now listening on: ";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly Process _process;

    WebChatServer(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    public static async Task<WebChatServer> Start(CancellationToken cancelled)
    {
        var start = ExampleProgram.Start("web-chat", ["--urls", "http://127.0.0.1:0"]);
        start.Environment["PPD_PLAN"] = "tree4";    // what pays on a busy machine is another question
        var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(Patience);
        List<string> said = [];
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            var at = line.IndexOf(Announcement, StringComparison.Ordinal);
            if (at < 0) continue;
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);     // it must not wait for a reader
            return new WebChatServer(process, line[(at + Announcement.Length)..]);
        }
        throw new InvalidOperationException($"The web chat ended before it listened:\n{string.Join('\n', said)}");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
