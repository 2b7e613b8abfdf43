using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

public sealed class GgufSharedDataTests
{
    [Fact]
    public void Stories_model_is_read_with_its_facts()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        using var file = GgufFile.Open(SharedData.Path("models", "stories260K", "stories260K-f32.gguf"));
        var info = GgufModelCheck.Check(file);

        info.Architecture.ShouldBe("llama");
        info.Name.ShouldBe("stories260K");
        info.ContextLength.ShouldBe(512);
        info.EmbeddingLength.ShouldBe(64);
        info.BlockCount.ShouldBe(5);
        info.HeadCount.ShouldBe(8);
        info.HeadCountKv.ShouldBe(4);
        info.VocabularySize.ShouldBe(512);
        info.WeightType.ShouldBe(GgmlType.F32);
        info.TokenizerModel.ShouldBe("llama");
        info.ChatTemplate.ShouldBeNull();
        info.LearnedPositions.ShouldBeFalse();
        info.KvBytesPerToken.ShouldBe(5 * 2 * 4 * 8 * 2);
        info.WeightBytes.ShouldBe(info.ParameterCount * 4);
    }

    [Fact]
    public void Cardputer_model_is_read_with_its_facts()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        using var file = GgufFile.Open(SharedData.Path("models", "cardputer-chat-3M", "cardputer-chat-3M-f32.gguf"));
        var info = GgufModelCheck.Check(file);

        info.Architecture.ShouldBe("gpt2");
        info.ContextLength.ShouldBe(256);
        info.EmbeddingLength.ShouldBe(128);
        info.BlockCount.ShouldBe(8);
        info.HeadCount.ShouldBe(16);
        info.HeadCountKv.ShouldBe(16);
        info.VocabularySize.ShouldBe(14019);
        info.TokenizerModel.ShouldBe("gpt2");
        info.TokenizerPre.ShouldBe("gpt-2");
        info.ChatTemplate.ShouldNotBeNull().ShouldContain("Bot:");
        info.LearnedPositions.ShouldBeTrue();
        info.AcceptsEmbeddingRows.ShouldBeTrue();
    }

    [Theory]
    [InlineData("deepseek-llm", 102400)]
    [InlineData("gpt-2", 50257)]
    [InlineData("llama-bpe", 128256)]
    [InlineData("llama-spm", 32000)]
    [InlineData("phi-3", 32064)]
    [InlineData("qwen2", 151936)]
    public void Vocabulary_without_weights_opens_but_is_refused_as_a_model(string name, int tokenCount)
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        using var file = GgufFile.Open(SharedData.Path("models", "vocab-only", $"ggml-vocab-{name}.gguf"));

        file.Metadata.TryGetStrings("tokenizer.ggml.tokens", out var tokens).ShouldBeTrue();
        tokens!.ToArray().Distinct().Count().ShouldBe(tokenCount);
        Should.Throw<PpdModelLoadException>(() => GgufModelCheck.Check(file)).Message.ShouldContain("has no weights");
    }
}
