using System.Globalization;
using Microsoft.Extensions.AI;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Benchmarks;

/// <summary>What prompt tokens take: resident bytes of a process that has answered once. Run it with and without them; Linux, read from /proc.</summary>
static class Memory
{
    internal static async Task Run(Arguments arguments)
    {
        var options = new PpdModelOptions
        {
            ModelPath = arguments.Flag("--large") ? Large() : arguments.Word(0) ?? PpdModelOptions.DefaultModelPath,
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

    // rows of any numbers take the room of trained ones
    static string Large()
    {
        const int Count = 3;
        var path = Models.Large(LlamaLibrary.Load(null, null), RandomWeightType.Q4_0);
        using var file = GgufFile.Open(path);
        var model = BaseModel.Of(file);
        var random = new Random(1);
        PromptTokenFile.Write(PromptTokenFile.PathBeside(path), new PromptTokens
        {
            Count = Count, Ensemble = 1, Model = model, Mask = PromptTokenMask.Ensemble, Rows = [.. Enumerable.Range(0, Count * model.Width).Select(_ => random.NextSingle() - 0.5f)],
        });
        return path;
    }
}
