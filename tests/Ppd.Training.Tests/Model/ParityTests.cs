using Ppd.Native;
using Ppd.Testing;
using Ppd.Training.Model;
using Ppd.Training.Native;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Model;

/// <summary>The trainer's transformer gives llama.cpp's logits.</summary>
public sealed class ParityTests
{
    static ParityTests() => TorchRuntime.Load(threads: 1);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]   // llama.cpp rounds activations to BF16, too
    public void A_random_llama_has_the_logits_of_llama_cpp(bool tied, bool quantised)
    {
        using var folder = new TemporaryFolder();
        var path = folder["random.gguf"];
        RandomModel.Write(path, new RandomModelOptions { Seed = 5, TiedOutput = tied, WeightType = quantised ? RandomWeightType.BF16 : RandomWeightType.F32 });
        LargestDifference(path).ShouldBeLessThan(quantised ? 0.2f : 1e-3f);
    }

    [Theory]
    [InlineData("stories260K", 1e-3f)]
    [InlineData("cardputer-chat-3M", 5e-2f)]    // ggml looks GELU up in a table of half-precision numbers
    public void A_real_model_has_the_logits_of_llama_cpp(string name, float tolerance)
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        LargestDifference(SharedData.Path("models", name, $"{name}-f32.gguf")).ShouldBeLessThan(tolerance);
    }

    static float LargestDifference(string path)
    {
        var library = LlamaLibrary.Load(null, null);
        using var file = GgufFile.Open(path);
        using var transformer = GgufWeights.Load(file, library, CPU);
        using var model = LlamaModel.Load(library, path, gpuLayers: 0, null, default);
        var random = new Random(11);
        var tokens = Enumerable.Range(0, 200).Select(_ => random.Next(260, transformer.Config.Vocabulary)).ToArray();
        var expected = LlamaLogits.Of(model, tokens);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = tensor(tokens.Select(t => (long)t).ToArray()).unsqueeze(0);
        var logits = transformer.Logits(transformer.Forward(transformer.Embed(ids), arange(tokens.Length)));
        var reference = tensor(expected.SelectMany(row => row).ToArray()).reshape(1, tokens.Length, -1);
        var worst = (logits - reference).abs().max().item<float>();
        var spread = reference.std().item<float>();
        TestContext.Current.TestOutputHelper!.WriteLine($"{Path.GetFileName(path)}: {tokens.Length} tokens, largest difference {worst:0.0e0}, logits' deviation {spread:0.0}");
        return worst;
    }
}
