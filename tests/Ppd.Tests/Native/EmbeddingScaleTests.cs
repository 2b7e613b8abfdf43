using Ppd.Native;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Native;

public sealed class EmbeddingScaleTests
{
    [Theory]
    [InlineData("random")]
    [InlineData(TestModels.Stories)]
    [InlineData(TestModels.Cardputer)]
    public void Rows_of_llama_and_gpt2_are_taken_as_they_are(string name)
    {
        TestModels.SkipUnlessAvailable(name);
        Find(TestModels.Path(name)).ShouldBe(1);
    }

    [Fact]
    public void Model_whose_logits_are_all_alike_tells_no_factor()
    {
        using var folder = new Testing.TemporaryFolder();
        new TinyModel().Write(folder["zeros.gguf"]);
        Find(folder["zeros.gguf"]).ShouldBeNull();
    }

    [Fact]
    public void Rows_that_are_not_those_the_graph_looks_up_tell_no_factor()
    {
        // the model of one file, the rows of another
        var other = TestModels.Write("other.gguf", new Testing.RandomModelOptions { Seed = 8 });
        Find(TestModels.RandomPath, rows: other).ShouldBeNull();
    }

    static float? Find(string path, string? rows = null)
    {
        var library = LlamaLibrary.Load(null, null);
        using var model = LlamaModel.Load(library, path, gpuLayers: 0, null, TestContext.Current.CancellationToken);
        using var context = LlamaContext.Create(model, new ContextSettings(64, 8, 8, 1, 1, FlashAttention: false));
        using var table = new EmbeddingTable(library, rows ?? path);
        return EmbeddingScale.Find(context, table);
    }
}
