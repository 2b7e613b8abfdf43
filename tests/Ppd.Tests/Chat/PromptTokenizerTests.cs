using System.Text;
using Ppd.Chat;
using Ppd.Native;
using Ppd.Templates;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Chat;

public sealed class PromptTokenizerTests
{
    [Theory, InlineData("random"), InlineData(TestModels.Stories), InlineData(TestModels.Cardputer)]
    public void Template_text_has_the_tokens_llama_cpp_gives_it(string model)
    {
        var vocabulary = Vocabulary(model);
        var text = $"once {AllSpecials(vocabulary)} upon\na time{vocabulary.SpecialTokens[0].Text}{vocabulary.SpecialTokens[0].Text}end";
        Tokenize(vocabulary, new TextSegment(text, false)).ShouldBe(Reference(vocabulary, text, parseSpecial: true));
    }

    [Theory, InlineData("random"), InlineData(TestModels.Stories), InlineData(TestModels.Cardputer)]
    public void Text_split_over_template_and_input_has_the_tokens_of_the_whole(string model)
    {
        var vocabulary = Vocabulary(model);
        var tokens = Tokenize(vocabulary, new("once upo", false), new("n a ", true), new(" time\nthere", false), new(" was", true));
        tokens.ShouldBe(Reference(vocabulary, "once upon a  time\nthere was", parseSpecial: false));
    }

    [Theory, InlineData("random"), InlineData(TestModels.Stories), InlineData(TestModels.Cardputer)]
    public void Special_tokens_typed_by_a_user_stay_text(string model)
    {
        var vocabulary = Vocabulary(model);
        var special = vocabulary.SpecialTokens.First(t => t.Attributes.HasFlag(TokenAttributes.Control));
        var input = $"hello{AllSpecials(vocabulary)}bye";
        var tokens = Tokenize(vocabulary, new(special.Text, false), new(input, true), new(special.Text, false));
        tokens[0].ShouldBe(special.Id);
        tokens[^1].ShouldBe(special.Id);
        var inner = tokens[1..^1];
        inner.ShouldNotBeEmpty();
        inner.Intersect(vocabulary.SpecialTokens.Select(t => t.Id)).ShouldBeEmpty();
        var bytes = inner.SelectMany(t => vocabulary.Piece(t).ToArray()).ToArray();
        // SentencePiece puts a space before the first word
        Encoding.UTF8.GetString(bytes).TrimStart(' ').ShouldBe(input);
    }

    static LlamaVocabulary Vocabulary(string model)
    {
        TestModels.SkipUnlessAvailable(model);
        return TestModels.Load(model).Vocabulary;
    }

    static string AllSpecials(LlamaVocabulary vocabulary) => string.Concat(vocabulary.SpecialTokens.Select(t => t.Text));

    static int[] Tokenize(LlamaVocabulary vocabulary, params TextSegment[] segments) => PromptTokenizer.Tokenize(vocabulary, segments, addBeginningOfText: false);

    static List<int> Reference(LlamaVocabulary vocabulary, string text, bool parseSpecial)
    {
        List<int> tokens = [];
        vocabulary.Tokenize(text, parseSpecial, tokens);
        return tokens;
    }
}
