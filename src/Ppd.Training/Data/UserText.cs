using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat;
using Ppd.Native;

namespace Ppd.Training.Data;

/// <summary>The user's own text as documents: plain text, or JSON lines with <c>messages</c> or <c>text</c>.</summary>
static class UserText
{
    /// <exception cref="PpdException">The file has no text, or a line of it is not what it should be; the message names the line.</exception>
    public static List<int[]> Read(string path, LlamaVocabulary vocabulary, GgufModelInfo info)
    {
        var documents = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? ReadLines(path, vocabulary, info) : ReadPlain(path, vocabulary);
        return documents.Count > 0 ? documents : throw new PpdException($"'{path}' has no text to train on.");
    }

    // Paragraph by paragraph: the tokeniser's time grows faster than the text. Together they are one document.
    static List<int[]> ReadPlain(string path, LlamaVocabulary vocabulary)
    {
        var tokens = Start(vocabulary);
        foreach (var paragraph in File.ReadAllText(path).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            vocabulary.Tokenize(paragraph + "\n\n", parseSpecial: false, tokens);
        return tokens.Count > 1 ? [[.. tokens]] : [];
    }

    static List<int[]> ReadLines(string path, LlamaVocabulary vocabulary, GgufModelInfo info)
    {
        var chat = new Lazy<ChatPromptBuilder>(() => new ChatPromptBuilder(vocabulary, info, null));
        List<int[]> documents = [];
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                documents.Add(Document(json.RootElement, vocabulary, chat));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new PpdException($"Line {number} of '{path}' is neither {{\"messages\": [{{\"role\": …, \"content\": …}}, …]}} nor {{\"text\": …}}: {error.Message}", error);
            }
        }
        return documents;
    }

    static int[] Document(JsonElement line, LlamaVocabulary vocabulary, Lazy<ChatPromptBuilder> chat)
    {
        if (line.TryGetProperty("text", out var text))
        {
            var tokens = Start(vocabulary);
            vocabulary.Tokenize(text.GetString(), parseSpecial: false, tokens);
            return [.. tokens];
        }
        var messages = line.GetProperty("messages").EnumerateArray()
            .Select(message => new ChatMessage(new ChatRole(message.GetProperty("role").GetString()!), message.GetProperty("content").GetString()));
        return chat.Value.Tokenize([.. messages], null);
    }

    static List<int> Start(LlamaVocabulary vocabulary) => vocabulary.AddsBeginningOfText ? [vocabulary.BeginningOfText] : [];
}
