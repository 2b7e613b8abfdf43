using Microsoft.Extensions.AI;
using Ppd.Native;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>Turns messages into the prompt of the model's own chat template, as text and as tokens.</summary>
sealed class ChatPromptBuilder
{
    readonly LlamaVocabulary _vocabulary;
    readonly ChatTemplate _template;

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
    }

    /// <summary>The prompt as text, each piece marked as the template's or the caller's.</summary>
    internal RenderedText Render(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<TemplateMessage> turns = [];
        if (options?.Instructions is { Length: > 0 } instructions) turns.Add(new TemplateMessage("system", instructions));
        turns.AddRange(messages.Select(Turn));
        if (turns.Count == 0) throw new ArgumentException("There are no messages; a reply needs at least one.", nameof(messages));
        return Guarded("The prompt could not be rendered", () => _template.Render(turns));
    }

    /// <summary>The prompt as tokens; nothing in a message can become a special token.</summary>
    internal int[] Tokenize(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var prompt = Render(messages, options);
        return PromptTokenizer.Tokenize(_vocabulary, prompt.Segments, addBeginningOfText: !prompt.StartsWithBos);
    }

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

    static TemplateMessage Turn(ChatMessage message)
    {
        foreach (var content in message.Contents)
            if (content is not (TextContent or TextReasoningContent or UsageContent))
                throw new NotSupportedException($"A {message.Role} message holds a {content.GetType().Name}, which is not supported by Ppd; allowed is text.");
        // ChatMessage.Text joins the text contents; reasoning travels separately and templates decide what becomes of it
        var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(r => r.Text));
        return new TemplateMessage(message.Role.Value, message.Text) { Name = message.AuthorName, ReasoningContent = reasoning.Length > 0 ? reasoning : null };
    }
}
