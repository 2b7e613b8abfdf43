using Ppd.Native;
using Ppd.Testing;
using Ppd.Training.Model;

namespace Ppd.Training.Tests.Model;

public sealed class TransformerConfigTests
{
    [Fact]
    public void An_architecture_that_is_not_computed_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        new GgufWriter().Add("general.architecture", "mamba").Write(folder["mamba.gguf"]);
        using var file = GgufFile.Open(folder["mamba.gguf"]);
        var message = Should.Throw<PpdModelLoadException>(() => TransformerConfig.From(file)).Message;
        message.ShouldContain("'mamba'");
        message.ShouldContain("llama, qwen2, qwen3, gpt2");
    }

    [Fact]
    public void A_rotary_scaling_that_is_not_computed_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        RandomModel.Write(folder["yarn.gguf"], new RandomModelOptions { RopeScalingFactor = 2, RopeScalingType = "yarn" });
        using var file = GgufFile.Open(folder["yarn.gguf"]);
        Should.Throw<PpdModelLoadException>(() => TransformerConfig.From(file)).Message.ShouldContain("'yarn'");
    }
}
