using Ppd.Templates;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Vocabulary;

namespace Ppd.Training.Demo.Training;

/// <summary>Conversations as the model will see them: rendered by its own chat template, by the engine's own renderer, and tokenised.</summary>
sealed class LessonReader
{
    static readonly ChatTemplate Template = ChatTemplate.Create(new ChatTemplateSource { Default = DemoTemplate.Source });

    readonly DemoVocabulary _vocabulary;
    readonly int[] _replyStart;

    public LessonReader(DemoVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _replyStart = [vocabulary[DemoVocabulary.TurnStart], .. vocabulary.Encode("assistant\n")];
    }

    public static RenderedText Render(Conversation conversation, bool forReply = false) =>
        Template.Render(conversation.Messages, new ChatRenderOptions { Tools = conversation.Tools, AddGenerationPrompt = forReply });

    public EncodedText Read(Conversation conversation)
    {
        var tokens = _vocabulary.Encode(Render(conversation).Segments).ToArray();
        var isReply = new bool[tokens.Length];
        var turnEnd = _vocabulary[DemoVocabulary.TurnEnd];
        for (var i = _replyStart.Length; i < tokens.Length; i++)
        {
            var starts = tokens.AsSpan(i - _replyStart.Length, _replyStart.Length).SequenceEqual(_replyStart);
            isReply[i] = starts || (isReply[i - 1] && tokens[i - 1] != turnEnd);
        }
        return new EncodedText(tokens, isReply);
    }
}
