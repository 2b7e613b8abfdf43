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

    public static TheoryData<string, RandomModelOptions, float> Random() => new()
    {
        { "llama", new RandomModelOptions { Seed = 5 }, Exact },
        { "llama, tied", new RandomModelOptions { Seed = 5, TiedOutput = true }, Exact },
        { "llama, linear scaling", new RandomModelOptions { Seed = 5, RopeScalingFactor = 4 }, Exact },
        { "llama, Llama 3's factors", new RandomModelOptions { Seed = 5, RopeFactors = true }, Exact },
        { "llama, no grouping", new RandomModelOptions { Seed = 5, KvHeads = 4 }, Exact },
        { "llama, BF16", new RandomModelOptions { Seed = 5, WeightType = RandomWeightType.BF16 }, 0.2f },   // llama.cpp rounds activations to BF16, too
        { "qwen2", new RandomModelOptions { Seed = 5, Architecture = "qwen2" }, Exact },
        { "qwen2, tied", new RandomModelOptions { Seed = 5, Architecture = "qwen2", TiedOutput = true }, Exact },
        { "qwen3", new RandomModelOptions { Seed = 5, Architecture = "qwen3" }, Exact },
        { "gpt2", new RandomModelOptions { Seed = 5, Architecture = "gpt2", KvHeads = 4 }, Gelu },
        { "gpt2, tied", new RandomModelOptions { Seed = 5, Architecture = "gpt2", KvHeads = 4, TiedOutput = true }, Gelu },
    };

    const float Exact = 1e-3f;
    const float Gelu = 5e-2f;       // ggml looks GELU up in a table of half-precision numbers

    [Theory, MemberData(nameof(Random))]
    public void A_random_model_has_the_logits_of_llama_cpp(string name, RandomModelOptions options, float tolerance)
    {
        using var folder = new TemporaryFolder();
        var path = folder["random.gguf"];
        RandomModel.Write(path, options);
        LargestDifference(path, name).ShouldBeLessThan(tolerance);
    }

    // llama.cpp rounds activations to 8 bits where weights are quantised, so single logits differ; what a run accepts is measured as a run measures it
    [Theory]
    [InlineData(RandomWeightType.F32)]
    [InlineData(RandomWeightType.F16)]
    [InlineData(RandomWeightType.Q8_0)]
    [InlineData(RandomWeightType.Q4_0)]
    [InlineData(RandomWeightType.Q4_K)]
    [InlineData(RandomWeightType.Q6_K)]
    public void Every_type_of_weights_passes_the_check_of_a_run(RandomWeightType type)
    {
        using var model = new TinyModel(new RandomModelOptions { Seed = 5, EmbeddingLength = 256, FeedForwardLength = 256, WeightType = type, Quantise = GgmlQuantiser.Of(LlamaLibrary.Load(null, null).Location.GgmlBase) });
        var parity = Parity.Measure(model.Transformer, model.Llama, threads: 1);
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: largest difference {parity.Largest:0.0e0}, relative {parity.Relative:0.0e0}");
        parity.Require(model.Path);
    }

    [Fact]
    public void A_model_that_computes_something_else_fails_the_check_of_a_run()
    {
        using var model = new TinyModel(new RandomModelOptions { Seed = 5, RopeFactors = true });
        using var other = new TinyModel(new RandomModelOptions { Seed = 5 });
        var parity = Parity.Measure(other.Transformer, model.Llama, threads: 1);
        TestContext.Current.TestOutputHelper!.WriteLine($"without the rotary factors: relative {parity.Relative:0.0e0}");
        Should.Throw<PpdException>(() => parity.Require(model.Path)).Message.ShouldContain("differ from llama.cpp's");
    }

    [Theory]
    [InlineData("stories260K", Exact)]
    [InlineData("cardputer-chat-3M", Gelu)]
    public void A_real_model_has_the_logits_of_llama_cpp(string name, float tolerance)
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        LargestDifference(SharedData.Path("models", name, $"{name}-f32.gguf"), name).ShouldBeLessThan(tolerance);
    }

    static float LargestDifference(string path, string name)
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
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {tokens.Length} tokens, largest difference {worst:0.0e0}, logits' deviation {spread:0.0}");
        return worst;
    }
}
