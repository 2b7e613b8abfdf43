using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ppd.Benchmarks;

/// <summary>What prompt tokens take: resident bytes of a process that has answered once. Run it with and without them; Linux, read from /proc.</summary>
static class Memory
{
    internal static async Task Run(Arguments arguments)
    {
        var options = new PpdModelOptions
        {
            ModelPath = arguments.Word(0) ?? PpdModelOptions.DefaultModelPath,
            UsePromptTokens = !arguments.Flag("--plain"),
            DraftTokens = arguments.Flag("--plain") ? 0 : 4,
            Slots = 1,
            Threads = 1,
        };
        using var client = new PpdChatClient(options);
        var reply = await client.GetResponseAsync("Tell me a short story.", new ChatOptions { Temperature = 0, MaxOutputTokens = 64 });
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        var resident = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var model = (PpdModel)client.GetService(typeof(PpdModel))!;
        Console.WriteLine($"{(model.UsesPromptTokens ? "with prompt tokens" : "without")}: {double.Parse(resident, CultureInfo.InvariantCulture) / 1024:0.0} MB resident after {reply.Usage?.OutputTokenCount} tokens");
    }
}
