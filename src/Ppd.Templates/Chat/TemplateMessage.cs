using System.Text.Json;

namespace Ppd.Templates;

/// <summary>One turn of a conversation. Everything but the role is the caller's input in the rendered text.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c> (rendered as system), <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the template knows.</param>
/// <param name="Content">The text; may be null beside tool calls.</param>
public sealed record TemplateMessage(string Role, string? Content)
{
    /// <summary>
    /// The text in pieces, some of them the program's own: special tokens are recognised in those that are not input. Takes the place of <see cref="Content"/>.
    /// </summary>
    public IReadOnlyList<TextSegment>? Pieces { get; init; }

    /// <summary>Calls the assistant made in this turn.</summary>
    public IReadOnlyList<TemplateToolCall>? ToolCalls { get; init; }

    /// <summary>On a <c>tool</c> turn: the <see cref="TemplateToolCall.Id"/> this is the result of.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Name of the speaker; on a <c>tool</c> turn the function's. Taken from the call with the same id when null.</summary>
    public string? Name { get; init; }

    /// <summary>What the assistant thought before it answered. Templates decide which turns still show it.</summary>
    public string? ReasoningContent { get; init; }
}

/// <summary>A function call the assistant made.</summary>
/// <param name="Id">Identifies the call; Mistral's templates accept only nine letters and digits.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">A JSON object, or a JSON string that holds one. Handed to the template in the form it can use.</param>
public sealed record TemplateToolCall(string Id, string Name, JsonElement Arguments);
