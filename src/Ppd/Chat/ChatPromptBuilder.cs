using System.Text.Json;
using Microsoft.Extensions.AI;
using Ppd.Chat.Tools;
using Ppd.Native;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>Turns messages into the prompt of the model's own chat template, as text and as tokens.</summary>
sealed class ChatPromptBuilder
{
    readonly LlamaVocabulary _vocabulary;
    readonly ChatTemplate _template;
    readonly Lazy<ReplyLayout> _layout;

    /// <param name="vocabulary">The model's tokeniser.</param>
    /// <param name="info">Holds the templates of the model file.</param>
    /// <param name="templateOverride">Used instead of the file's default template.</param>
    internal ChatPromptBuilder(LlamaVocabulary vocabulary, GgufModelInfo info, string? templateOverride)
    {
        _vocabulary = vocabulary;
        _template = Guarded("The model's chat template cannot be used", () => ChatTemplate.Create(new ChatTemplateSource
        {
            Default = templateOverride ?? info.ChatTemplate,
            Named = templateOverride == null ? info.NamedChatTemplates : new Dictionary<string, string>(),
            BosToken = vocabulary.Text(vocabulary.BeginningOfText),
            EosToken = vocabulary.Text(vocabulary.EndOfText),
        }));
        _layout = new(() => ReplyLayout.Probe(_template,
            [.. vocabulary.SpecialTokens.Select(token => token.Text)],
            [.. vocabulary.SpecialTokens.Where(token => vocabulary.EndsGeneration(token.Id)).Select(token => token.Text)]));
    }

    /// <summary>The prompt of a conversation.</summary>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="instructions">A system message before all others.</param>
    /// <param name="tools">What the request says about tools; null without any.</param>
    /// <param name="enableThinking">Whether the model is to think first; null leaves it to the template.</param>
    internal ChatPrompt Build(IEnumerable<ChatMessage> messages, string? instructions = null, ToolRequest? tools = null, bool? enableThinking = null)
    {
        var (layout, capabilities) = (_layout.Value, _template.Capabilities);
        if (tools != null && layout.Calls == null && (tools.ReadsCalls || !layout.TemplateShowsTools))
            throw new NotSupportedException($"Tools are not supported by Ppd with the chat template of this model: {layout.Refusal}. Remove the tools, or set ChatTemplate to one whose calls can be read.");
        if (enableThinking != null && !capabilities.Thinking)
            throw new NotSupportedException("EnableThinking is not supported by Ppd with this model: its chat template has no such switch, the prompt is the same either way. Leave it unset.");
        var turns = new ChatTurns(layout, capabilities).Convert(messages);
        if (!string.IsNullOrEmpty(instructions)) turns.Insert(0, new TemplateMessage("system", instructions));
        if (turns.Count == 0) throw new ArgumentException("There are no messages; a reply needs at least one.", nameof(messages));
        if (tools != null && !layout.TemplateShowsTools) turns = ToolInstructions.AddTo(turns, tools.Tools, layout.Calls!);
        var shown = layout.TemplateShowsTools ? tools?.Tools : null;
        return new ChatPrompt(Guarded("The prompt could not be rendered", () => Render(turns, shown, enableThinking)), layout, tools);
    }

    RenderedText Render(List<TemplateMessage> turns, ToolSet? tools, bool? enableThinking)
    {
        try
        {
            return With(tools?.Definitions);
        }
        catch (TemplateException) when (tools?.DefinitionsWithoutNull() is { } plainer)
        {
            // macros that write a schema as types of Python (Hermes, Command R) know no "null", and some never end there
            return With(plainer);
        }

        RenderedText With(IReadOnlyList<JsonElement>? definitions) => _template.Render(turns, new ChatRenderOptions { Tools = definitions, EnableThinking = enableThinking });
    }

    /// <summary>The prompt as tokens; nothing in a message can become a special token.</summary>
    internal int[] Tokenize(ChatPrompt prompt) =>
        PromptTokenizer.Tokenize(_vocabulary, prompt.Rendered.Segments, addBeginningOfText: !prompt.Rendered.StartsWithBos);

    /// <summary>The prompt of a conversation without tools, as tokens.</summary>
    internal int[] Tokenize(IEnumerable<ChatMessage> messages, ChatOptions? options) => Tokenize(Build(messages, options?.Instructions));

    static T Guarded<T>(string what, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (TemplateException error)
        {
            throw new PpdTemplateException($"{what}. {error.Message}. Change the messages if the template refuses them, or set ChatTemplate to one that suits.", error);
        }
    }
}
