using Ppd.Chat;
using Ppd.Templates;
using Ppd.Testing;

namespace Ppd.Tests.Chat;

/// <summary>Tokenising with the vocabularies of real models, and text that would end the process.</summary>
public sealed class VocabularyTests
{
    [Theory]
    [InlineData("deepseek-llm")]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    [InlineData("qwen2")]
    public void Texts_of_the_golden_file_have_its_tokens(string name)
    {
        using var model = VocabularyModel.OfSharedData(name);
        var path = SharedData.Path("models", "vocab-only", $"ggml-vocab-{name}.gguf");
        var texts = File.ReadAllText($"{path}.inp").Split("\n__ggml_vocab_test__\n");
        var expected = File.ReadAllText($"{path}.out").Split('\n');
        texts.Length.ShouldBeGreaterThan(40);
        // the template's side and the user's side of the prompt builder: text without special tokens is the same on both
        foreach (var isInput in new[] { false, true })
            texts.Select(text => string.Join(' ', PromptTokenizer.Tokenize(model.Vocabulary, [new TextSegment(text, isInput)], addBeginningOfText: false)))
                .ShouldBe(expected[..texts.Length].Select(line => line.Trim()));
    }

    // Without a stack to fit, these end the process: std::regex recurses for every character.
    [Theory]
    [InlineData("deepseek-llm", "a")]
    [InlineData("tekken", "a")]
    [InlineData("gpt-4o", "a")]
    [InlineData("llama4", " ")]
    [InlineData("deepseek-v3", "汉")]
    [InlineData("gpt-2", "!")]
    public void Long_run_of_one_character_is_tokenised(string splitter, string character)
    {
        const int Length = 100_000;
        using var model = VocabularyModel.OfBytes(splitter);
        List<int> tokens = [], one = [];
        model.Vocabulary.Tokenize(character, parseSpecial: false, one);
        model.Vocabulary.Tokenize(string.Concat(Enumerable.Repeat(character, Length)), parseSpecial: false, tokens);
        one.Count.ShouldBeGreaterThan(0);
        tokens.ShouldBe(Enumerable.Repeat(one, Length).SelectMany(t => t));
    }

    [Fact]
    public void Text_beyond_any_stack_is_refused()
    {
        using var model = VocabularyModel.OfBytes("deepseek-llm");
        var text = new string('a', (1 << 20) + 1);
        Should.Throw<PpdException>(() => model.Vocabulary.Tokenize(text, parseSpecial: false, [])).Message.ShouldContain("1,048,577 bytes");
    }

    [Fact]
    public void Disposed_model_is_refused_for_long_text_too()
    {
        var model = VocabularyModel.OfBytes("deepseek-llm");
        var vocabulary = model.Vocabulary;
        model.Dispose();
        Should.Throw<ObjectDisposedException>(() => vocabulary.Tokenize(new string('a', 5000), parseSpecial: false, []));
    }
}
