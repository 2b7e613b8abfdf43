using System.Text;
using System.Text.Json;

namespace Ppd.Cli.Bench;

/// <summary>
/// Reads prompts from a file. Endings decide the format: <c>.jsonl</c> and <c>.ndjson</c> have one JSON object a line, <c>.json</c> an array of them or one a line as
/// well (BFCL), all others are text with one prompt a line, or with <c>&lt;|endoftext|&gt;</c> between prompts of several lines.
/// </summary>
static class PromptFile
{
    const string Separator = "<|endoftext|>";

    /// <exception cref="PromptFileException">There are no prompts, or something in it is none.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static List<BenchPrompt> Read(string path)
    {
        var text = File.ReadAllText(path, Encoding.UTF8);
        List<BenchPrompt> prompts = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => [.. JsonLines(path, text)],
            ".json" when text.AsSpan().TrimStart().StartsWith("[") => [.. JsonArray(path, text)],
            ".json" => [.. JsonLines(path, text)],
            _ => [.. PlainText(text)],
        };
        return prompts.Count > 0 ? prompts : throw new PromptFileException($"'{path}' has no prompts. Give a text file with one prompt a line, JSON lines or a JSON array.");
    }

    static IEnumerable<BenchPrompt> PlainText(string text)
    {
        var pieces = text.Contains(Separator, StringComparison.Ordinal) ? text.Split(Separator) : text.Split('\n');
        return pieces.Select(piece => piece.Trim()).Where(piece => piece.Length > 0).Select((piece, index) => new BenchPrompt(index + 1, piece));
    }

    static IEnumerable<BenchPrompt> JsonLines(string path, string text)
    {
        var line = 0;
        foreach (var json in text.Split('\n'))
        {
            line++;
            if (string.IsNullOrWhiteSpace(json)) continue;
            using var document = Parse(json, $"'{path}', line {line}");
            yield return new BenchPrompt(line, JsonPrompt.Messages(document.RootElement, $"'{path}', line {line}"));
        }
    }

    static IEnumerable<BenchPrompt> JsonArray(string path, string text)
    {
        using var document = Parse(text, $"'{path}'");
        var index = 0;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            index++;
            yield return new BenchPrompt(index, JsonPrompt.Messages(element, $"'{path}', element {index}"));
        }
    }

    static JsonDocument Parse(string json, string place)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new PromptFileException($"{place} is not JSON: {error.Message} Expected is an object with one of {JsonPrompt.Fields}; a file of plain text must end in .txt.", error);
        }
    }
}
