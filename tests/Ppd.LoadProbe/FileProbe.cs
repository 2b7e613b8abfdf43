using Microsoft.Extensions.AI;

namespace Ppd.LoadProbe;

/// <summary>Takes one model file through everything an application does with it: load, render, tokenise, decode plainly and with drafts, sample.</summary>
static class FileProbe
{
    const string Prompt = "to be or not to be, <|im_start|> that is </s> the ＱＵＥＳＴＩＯＮ: to be or not to be";

    internal static async Task<string> Run(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var client = new PpdChatClient(new PpdModelOptions { ModelPath = path, Threads = 1, Slots = 2, BatchSize = 64, GpuLayers = 0 });
            var greedy = await client.GetResponseAsync(Prompt, new ChatOptions { Temperature = 0, MaxOutputTokens = 12 });
            var sampled = await client.GetResponseAsync(Prompt, new ChatOptions { Seed = 1, TopK = 0, MaxOutputTokens = 4 });
            return $"OK {name}: {greedy.Usage?.OutputTokenCount} and {sampled.Usage?.OutputTokenCount} tokens";
        }
        catch (Exception error) when (error is PpdException or ArgumentException)
        {
            return $"REFUSED {name}: {error.GetType().Name}: {OneLine(error.Message)}";
        }
        catch (Exception error)
        {
            return $"BROKEN {name}: {OneLine(error.ToString())}";
        }
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
