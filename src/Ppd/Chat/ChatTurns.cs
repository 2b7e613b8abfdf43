using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>Turns messages into those of the template: calls and results as the template takes them, as text where it takes none.</summary>
sealed class ChatTurns(ReplyLayout layout, ChatTemplateCapabilities capabilities)
{
    // Tells results apart from what a user says where the template has no role for them.
    static readonly TextSegment ResultOpen = new("<tool_response>\n", IsInput: false);
    static readonly TextSegment ResultClose = new("\n</tool_response>", IsInput: false);

    bool WritesCalls => layout is { TemplateShowsCalls: false, Calls: not null };

    internal List<TemplateMessage> Convert(IEnumerable<ChatMessage> messages)
    {
        List<TemplateMessage> turns = [];
        foreach (var message in messages) Add(message, turns);
        if (!WritesCalls && !capabilities.ParallelToolCalls) turns = OneCallATurn(turns);
        return capabilities.ToolResults || layout.TemplateShowsCalls ? turns : ResultsOfUsers(turns);
    }

    void Add(ChatMessage message, List<TemplateMessage> turns)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().Select(Call).ToList();
        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        foreach (var content in message.Contents)
            if (content is not (TextContent or TextReasoningContent or UsageContent or FunctionCallContent or FunctionResultContent))
                throw new NotSupportedException($"A {message.Role} message holds a {content.GetType().Name}, which is not supported by Ppd; allowed are text, reasoning, function calls and results.");
        // ChatMessage.Text joins the text contents; reasoning travels separately and templates decide what becomes of it
        if (results.Count == 0 || calls.Count > 0 || message.Text.Length > 0)
        {
            var turn = new TemplateMessage(message.Role.Value, message.Text) { Name = message.AuthorName, ReasoningContent = Reasoning(message) };
            if (calls.Count > 0) turn = WritesCalls ? turn with { Pieces = [.. Input(message.Text), .. layout.Calls!.Write(calls)] } : turn with { ToolCalls = calls };
            turns.Add(turn);
        }
        turns.AddRange(results.Select(result => new TemplateMessage("tool", ResultText.Of(result)) { ToolCallId = CallId(result.CallId) }));
    }

    static TextSegment[] Input(string text) => text.Length == 0 ? [] : [new TextSegment(text, IsInput: true)];

    // Semantic Kernel has no place for reasoning in the messages it converts; the connector sends it along as their raw form.
    static string? Reasoning(ChatMessage message)
    {
        var contents = message.Contents.OfType<TextReasoningContent>();
        if (!contents.Any() && message.RawRepresentation is ChatMessage raw) contents = raw.Contents.OfType<TextReasoningContent>();
        return string.Concat(contents.Select(content => content.Text)) is { Length: > 0 } text ? text : null;
    }

    static TemplateToolCall Call(FunctionCallContent call) =>
        new(CallId(call.CallId), call.Name, JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions));

    // Mistral's templates refuse other ids, which another service may have given.
    static string CallId(string id) => id is { Length: 9 } && id.All(char.IsAsciiLetterOrDigit) ? id : new CallIds([.. id.Select(c => (int)c)]).Next();

    // Some templates refuse a second call in a turn, or forget it: each call gets a turn, with its result behind it.
    static List<TemplateMessage> OneCallATurn(List<TemplateMessage> turns)
    {
        List<TemplateMessage> split = [];
        HashSet<int> placed = [];       // results, by their place: other services may give an id twice
        for (var at = 0; at < turns.Count; at++)
        {
            var turn = turns[at];
            if (placed.Contains(at)) continue;
            if (turn.ToolCalls is not { Count: > 1 } calls)
            {
                split.Add(turn);
                continue;
            }
            for (var i = 0; i < calls.Count; i++)
            {
                split.Add(turn with { ToolCalls = [calls[i]], Content = i == 0 ? turn.Content : "", ReasoningContent = i == 0 ? turn.ReasoningContent : null });
                for (var next = at + 1; next < turns.Count && turns[next].ToolCallId is { } id; next++)
                {
                    if (id != calls[i].Id || !placed.Add(next)) continue;
                    split.Add(turns[next]);
                    break;
                }
            }
        }
        return split;
    }

    // Results that follow each other become one turn of the user: some templates insist on alternating roles.
    static List<TemplateMessage> ResultsOfUsers(List<TemplateMessage> turns)
    {
        List<TemplateMessage> result = [];
        List<TextSegment>? open = null;
        foreach (var turn in turns)
        {
            if (turn.ToolCallId == null)
            {
                open = null;
                result.Add(turn);
                continue;
            }
            if (open == null) result.Add(new TemplateMessage("user", null) { Pieces = open = [] });
            else open.Add(new TextSegment("\n", IsInput: false));
            open.AddRange([ResultOpen, .. Input(turn.Content ?? ""), ResultClose]);
        }
        return result;
    }
}
