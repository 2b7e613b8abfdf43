using System.Text.Json;
using Ppd.Templates;

namespace Ppd.Chat.Probing;

/// <summary>Renders small conversations of recognisable words; what stands around the words is what a model was trained to write there.</summary>
sealed class ProbeRender
{
    internal const string Answer = "Zanswerz";
    internal const string Thought = "Zthoughtz";
    internal const string Function = "zprobez";
    internal const string TextKey = "zkeyaz";
    internal const string NumberKey = "zkeybz";
    internal const string Number = "4217";
    internal static readonly string[] Texts = ["Zvalue1z", "Zvalue2z"];      // the text argument of the first and the second call
    internal static readonly string[] Ids = ["Zcallid01", "Zcallid02"];

    const string User = "Zuserz";

    static readonly JsonElement Tool = JsonElement.Parse($$$"""
        {"type": "function", "function": {"name": "{{{Function}}}", "description": "Probes.", "parameters": {"type": "object", "properties":
        {"{{{TextKey}}}": {"type": "string", "description": "A text."}, "{{{NumberKey}}}": {"type": "integer", "description": "A number."} }, "required": ["{{{TextKey}}}"] } } }
        """);

    readonly ChatTemplate _template;
    readonly bool _withTools;

    internal ProbeRender(ChatTemplate template)
    {
        _template = template;
        _withTools = template.Capabilities.Tools;
        Answered = Render([new("assistant", Answer)]);
        OneCall = WithName(Render([Calls(1)]));
        TwoCalls = OneCall == null ? null : WithName(Render([Calls(2)])) is { } two && two.Contains(Texts[1], StringComparison.Ordinal) ? two : null;
        ThoughtAndAnswer = Render([new("assistant", Answer) { ReasoningContent = Thought }]) is { } thought && thought.Contains(Thought, StringComparison.Ordinal) ? thought : null;
        ThoughtAndCall = WithName(Render([Calls(1) with { ReasoningContent = Thought }])) is { } called && called.Contains(Thought, StringComparison.Ordinal) ? called : null;
        Openings = [.. new bool?[] { null, true, false }.Select(Opening).OfType<string>()];
    }

    /// <summary>What follows the user's message where the assistant answered in words; null if the template refuses.</summary>
    internal string? Answered { get; }

    /// <summary>The same with a call, null if it is not rendered.</summary>
    internal string? OneCall { get; }

    /// <summary>The same with two calls, null if not both are rendered.</summary>
    internal string? TwoCalls { get; }

    internal string? ThoughtAndAnswer { get; }

    internal string? ThoughtAndCall { get; }

    /// <summary>Openings of the assistant's turn: without a word about thinking, with and without thinking.</summary>
    internal IReadOnlyList<string> Openings { get; }

    /// <summary>Everything before the user's message: where templates tell the model about tools.</summary>
    internal string Preamble => Whole([], addGenerationPrompt: false, thinking: null) is { } text && text.LastIndexOf(User, StringComparison.Ordinal) is >= 0 and var at ? text[..at] : "";

    static TemplateMessage Calls(int count) => new("assistant", null)
    {
        ToolCalls = [.. Enumerable.Range(0, count).Select(i => new TemplateToolCall(Ids[i], Function, JsonElement.Parse($$"""{"{{TextKey}}": "{{Texts[i]}}", "{{NumberKey}}": {{Number}}}""")))],
    };

    static string? WithName(string? text) => text != null && text.Contains(Function, StringComparison.Ordinal) && text.Contains(Texts[0], StringComparison.Ordinal) ? text : null;

    string? Opening(bool? thinking) => Tail(Whole([], addGenerationPrompt: true, thinking));

    string? Render(TemplateMessage[] behindUser) => Tail(Whole(behindUser, addGenerationPrompt: false, thinking: null));

    static string? Tail(string? text) => text?.LastIndexOf(User, StringComparison.Ordinal) is >= 0 and var at ? text[(at + User.Length)..] : null;

    string? Whole(TemplateMessage[] behindUser, bool addGenerationPrompt, bool? thinking)
    {
        try
        {
            var options = new ChatRenderOptions { Tools = _withTools ? [Tool] : null, AddGenerationPrompt = addGenerationPrompt, EnableThinking = thinking };
            return _template.Render([new TemplateMessage("user", User), .. behindUser], options).Text;
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
