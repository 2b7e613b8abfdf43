using Ppd.Training.Demo;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Demo;

public sealed class DemoModelFileTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    const float EightBits = 0.05f;  // of weights, and of activations in llama.cpp

    [Fact]
    public void The_file_names_its_shape_and_template()
    {
        (fixture.Info.Architecture, fixture.Info.BlockCount, fixture.Info.EmbeddingLength, fixture.Info.ContextLength).ShouldBe(("llama", 2, 64, 1024));
        fixture.Info.ChatTemplate.ShouldBe(DemoTemplate.Source);
    }

    [Fact]
    public void The_written_model_has_the_logits_of_the_trained_one()
    {
        int[] tokens = [.. Enumerable.Range(300, 100)];
        var expected = LlamaLogits.Of(fixture.Model, tokens);
        using var scope = NewDisposeScope();
        var ids = tensor(Array.ConvertAll(tokens, id => (long)id)).unsqueeze(0);
        var actual = fixture.Transformer.Logits(fixture.Transformer.Forward(fixture.Transformer.Embed(ids), arange(tokens.Length))).squeeze(0);
        (actual - tensor(expected.SelectMany(row => row).ToArray()).reshape(actual.shape)).abs().max().item<float>().ShouldBeLessThan(EightBits);
    }
}
