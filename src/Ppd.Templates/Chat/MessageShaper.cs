using System.Text.Json;

namespace Ppd.Templates;

/// <summary>Brings messages into the form a template can read, as its capabilities say.</summary>
static class MessageShaper
{
    static readonly JinjaTemplate ArgumentsAsText = JinjaTemplate.Parse("{{ arguments | tojson }}");

    public static List<object?> Shape(IReadOnlyList<TemplateMessage> messages, ChatTemplateCapabilities capabilities)
    {
        var shaped = new List<object?>();
        var callNames = new Dictionary<string, string>();
        foreach (var message in capabilities.SystemRole ? messages : WithoutSystemRole(messages))
        {
            foreach (var call in message.ToolCalls ?? [])
                callNames[call.Id] = call.Name;
            shaped.Add(Shape(capabilities.ReasoningBesideText ? message : WithTextInReasoning(message), capabilities, callNames));
        }
        return shaped;
    }

    static TemplateMessage WithTextInReasoning(TemplateMessage message) =>
        message is { ToolCalls.Count: > 0, ReasoningContent.Length: > 0, Content.Length: > 0, Pieces: null }
            ? message with { Content = null, ReasoningContent = $"{message.ReasoningContent}\n\n{message.Content}" }
            : message;

    static bool IsSystem(TemplateMessage message) => message.Role is "system" or "developer";

    // Puts system text in front of the next user turn, or makes it a user turn when none follows.
    static List<TemplateMessage> WithoutSystemRole(IReadOnlyList<TemplateMessage> messages)
    {
        var result = new List<TemplateMessage>();
        List<TextSegment> pending = [];
        foreach (var message in messages)
        {
            if (IsSystem(message))
                pending = Joined(pending, PiecesOf(message));
            else if (message.Role == "user" && pending.Count > 0)
                (result, pending) = ([.. result, message with { Pieces = Joined(pending, PiecesOf(message)) }], []);
            else
                result.Add(message);
        }
        if (pending.Count > 0)
            result.Add(new TemplateMessage("user", null) { Pieces = pending });
        return result;
    }

    static IReadOnlyList<TextSegment> PiecesOf(TemplateMessage message) =>
        message.Pieces ?? (string.IsNullOrEmpty(message.Content) ? [] : [new TextSegment(message.Content, IsInput: true)]);

    static List<TextSegment> Joined(List<TextSegment> first, IReadOnlyList<TextSegment> second) =>
        first.Count == 0 || second.Count == 0 ? [.. first, .. second] : [.. first, new TextSegment("\n\n", IsInput: true), .. second];

    static Dictionary<string, object?> Shape(
        TemplateMessage message, ChatTemplateCapabilities capabilities, IReadOnlyDictionary<string, string> callNames)
    {
        var shaped = new Dictionary<string, object?>
        {
            ["role"] = Role(message),
            ["content"] = Content(message, capabilities),
        };
        if (message.ToolCalls is { Count: > 0 } calls)
            shaped["tool_calls"] = calls.Select(call => Call(call, capabilities)).ToList();
        if (message.ToolCallId is not null)
            shaped["tool_call_id"] = message.ToolCallId;
        if ((message.Name ?? callNames.GetValueOrDefault(message.ToolCallId ?? "")) is { } name)
            shaped["name"] = name;
        if (message.ReasoningContent is not null)
            shaped[capabilities.ReasoningField ?? "reasoning_content"] = message.ReasoningContent;
        return shaped;
    }

    // A role is the template's text only when it cannot be mistaken for a marker.
    static object Role(TemplateMessage message)
    {
        if (IsSystem(message))
            return new TrustedText("system");
        return message.Role.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? new TrustedText(message.Role) : message.Role;
    }

    static object? Content(TemplateMessage message, ChatTemplateCapabilities capabilities)
    {
        object? content = message.Pieces is { } pieces
            ? pieces
            : message.ToolCalls is { Count: > 0 } && string.IsNullOrEmpty(message.Content)
                ? BesideCalls(message.Content, capabilities.ContentBesideCalls)
                : message.Content ?? "";
        if (content is null || !capabilities.TypedContent)
            return content;
        var part = new Dictionary<string, object?> { ["type"] = new TrustedText("text"), ["text"] = content };
        return new List<object?> { part };
    }

    static string? BesideCalls(string? content, ContentBesideCalls wanted) => wanted switch
    {
        ContentBesideCalls.Empty => "",
        ContentBesideCalls.Null => null,
        _ => content,
    };

    static Dictionary<string, object?> Call(TemplateToolCall call, ChatTemplateCapabilities capabilities) => new()
    {
        ["id"] = call.Id,
        ["type"] = new TrustedText("function"),
        ["function"] = new Dictionary<string, object?>
        {
            ["name"] = call.Name,
            ["arguments"] = capabilities.ObjectArguments ? AsObject(call.Arguments) : AsText(call.Arguments),
        },
    };

    static JsonElement AsObject(JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.String)
            return arguments;
        try
        {
            return JsonElement.Parse(arguments.GetString()!);
        }
        catch (JsonException)
        {
            // Not JSON: the template gets the string and shows, or refuses, what the model wrote.
            return arguments;
        }
    }

    // Spaced as Python writes JSON, which is what models were trained on.
    static string AsText(JsonElement arguments) => arguments.ValueKind == JsonValueKind.String
        ? arguments.GetString()!
        : ArgumentsAsText.Render(new Dictionary<string, object?> { ["arguments"] = arguments }).Text;
}
