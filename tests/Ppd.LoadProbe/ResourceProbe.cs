using Microsoft.Extensions.AI;

namespace Ppd.LoadProbe;

/// <summary>What many loads and many requests leave behind: resident bytes, threads and open files, above what a warm-up left. Linux: read from /proc.</summary>
static class ResourceProbe
{
    const int Loads = 200;
    const int Requests = 2000;

    static readonly List<object> Leaked = [];

    internal static async Task Run(string file, string leak)
    {
        // The first loads and requests compile code, start pool threads and let the allocators grow: resident bytes level off after some 200 loads.
        await Load(file, Loads, "none");
        await Serve(file, 300, "none");
        var before = Resources();
        await Load(file, Loads, leak);
        Report("loads", before);
        before = Resources();
        await Serve(file, Requests, leak);
        Report("requests", before);
    }

    static async Task Load(string file, int count, string leak)
    {
        for (var i = 0; i < count; i++)
        {
            var client = Client(file);
            await client.GetResponseAsync("to be", new ChatOptions { Temperature = 0, MaxOutputTokens = 1 });
            if (leak == "models") Leaked.Add(client);
            else client.Dispose();
            if (leak == "files") Leaked.Add(File.OpenRead(file));
        }
    }

    static async Task Serve(string file, int count, string leak)
    {
        using var client = Client(file);
        for (var i = 0; i < count; i += 4)
        {
            await Task.WhenAll(Enumerable.Range(i, 4).Select(n =>
                client.GetResponseAsync($"to be or not {n}", new ChatOptions { Temperature = 0.5f, Seed = n, MaxOutputTokens = 3 })));
            if (leak == "memory") Leaked.Add(Enumerable.Repeat((byte)1, 4 * 32768).ToArray());
        }
    }

    static PpdChatClient Client(string file) => new(new PpdModelOptions
    {
        ModelPath = file, Threads = 1, Slots = 2, BatchSize = 64, ContextLength = 256, GpuLayers = 0, ChatTemplate = "{{ messages[0].content }}",
    });

    static (long Bytes, int Threads, int Files) Resources()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        var resident = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return (long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024,
            Directory.GetDirectories("/proc/self/task").Length, Directory.GetFileSystemEntries("/proc/self/fd").Length);
    }

    static void Report(string what, (long Bytes, int Threads, int Files) before)
    {
        var after = Resources();
        Console.WriteLine($"{what} {after.Bytes - before.Bytes} {after.Threads - before.Threads} {after.Files - before.Files}");
    }
}
