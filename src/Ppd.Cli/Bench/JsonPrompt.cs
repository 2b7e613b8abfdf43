using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ppd.Cli.Bench;

/// <summary>One JSON object of a data set as messages: HumanEval has <c>prompt</c>, MT-Bench <c>turns</c>, GSM8K and BFCL <c>question</c>, chats <c>messages</c>.</summary>
static class JsonPrompt
{
    internal const string Fields = "\"messages\", \"prompt\", \"turns\" and \"question\"";

    /// <param name="prompt">The object.</param>
    /// <param name="place">Where it stands, for errors.</param>
    /// <exception cref="PromptFileException">It is no object, or has none of the fields, or something else in them.</exception>
    internal static IReadOnlyList<ChatMessage> Messages(JsonElement prompt, string place)
    {
        if (prompt.ValueKind != JsonValueKind.Object) throw Unexpected(place, prompt, "an object");
        if (prompt.TryGetProperty("messages", out var messages)) return Conversation(messages, $"{place}, messages");
        if (prompt.TryGetProperty("prompt", out var text)) return [User(text, $"{place}, prompt")];
        if (prompt.TryGetProperty("turns", out var turns)) return [User(First(turns, $"{place}, turns"), $"{place}, turns")];
        if (!prompt.TryGetProperty("question", out var question)) throw new PromptFileException($"{place} has none of the fields {Fields}.");
        if (question.ValueKind == JsonValueKind.String) return [User(question, $"{place}, question")];
        // BFCL: an array of turns, each an array of messages; the replies between the turns are not given
        return Conversation(First(question, $"{place}, question"), $"{place}, question");
    }

    // ends with the last message that is not the assistant's: data sets often have the reply too
    static IReadOnlyList<ChatMessage> Conversation(JsonElement array, string place)
    {
        _ = First(array, place);
        var messages = array.EnumerateArray().Select((message, index) => Message(message, $"{place}[{index}]")).ToList();
        var last = messages.FindLastIndex(message => message.Role != ChatRole.Assistant);
        return last >= 0 ? messages[..(last + 1)] : throw new PromptFileException($"{place} has messages of the assistant only; there is nothing to reply to.");
    }

    static ChatMessage Message(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out var role) || !message.TryGetProperty("content", out var content))
            throw Unexpected(place, message, "an object with \"role\" and \"content\"");
        return new ChatMessage(Role(role, place), Text(content, $"{place}.content"));
    }

    static ChatRole Role(JsonElement role, string place) => (role.ValueKind == JsonValueKind.String ? role.GetString() : null) switch
    {
        "system" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => throw new PromptFileException($"{place} has the role {role.GetRawText()}; allowed are system, user and assistant."),
    };

    static ChatMessage User(JsonElement text, string place) => new(ChatRole.User, Text(text, place));

    static string Text(JsonElement text, string place) => text.ValueKind == JsonValueKind.String && text.GetString() is { } found && !string.IsNullOrWhiteSpace(found)
        ? found
        : throw Unexpected(place, text, "a text that is not empty");

    static JsonElement First(JsonElement array, string place) => array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0
        ? array[0]
        : throw Unexpected(place, array, "an array that is not empty");

    static PromptFileException Unexpected(string place, JsonElement found, string expected)
    {
        const int shown = 40;
        var text = found.GetRawText();
        return new PromptFileException($"{place} is {(text.Length <= shown ? text : text[..shown] + "…")}; expected is {expected}.");
    }
}
