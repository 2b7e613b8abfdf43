using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Drafting;

public sealed class PromptTokenFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string File => _folder["model.ppd.gguf"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_written_is_read_back()
    {
        var written = PromptTokenSamples.Full;
        PromptTokenFile.Write(File, written);
        var read = PromptTokenFile.Read(File);

        (read.Count, read.Ensemble, read.Width, read.Mask).ShouldBe((3, 2, 4, PromptTokenMask.Encoder));
        read.Model.ShouldBe(written.Model);
        read.Rows.ShouldBe(written.Rows);
        read.Conditional.ShouldNotBeNull().Rank.ShouldBe(2);
        read.Conditional.Down.ShouldBe(written.Conditional!.Down);
        read.Conditional.Up.ShouldBe(written.Conditional.Up);
        read.Accuracy.ShouldNotBeNull().ShouldBe(written.Accuracy!);
        read.Calibration.ShouldNotBeNull().Select(curve => curve.Edges).ShouldBe(written.Calibration!.Select(curve => curve.Edges));
        read.Calibration.Select(curve => curve.Rates).ShouldBe(written.Calibration!.Select(curve => curve.Rates));
        read.Training.ShouldBe(written.Training, ignoreOrder: true);
    }

    [Fact]
    public void Optional_parts_stay_absent()
    {
        PromptTokenFile.Write(File, PromptTokenSamples.Bare);
        var read = PromptTokenFile.Read(File);

        read.Conditional.ShouldBeNull();
        read.Accuracy.ShouldBeNull();
        read.Calibration.ShouldBeNull();
        read.Training.ShouldBeEmpty();
    }

    [Fact]
    public void Tensor_is_laid_out_as_documented()
    {
        PromptTokenFile.Write(File, PromptTokenSamples.Bare);
        using var file = GgufFile.Open(File);
        var tensor = file.Tensors["ppd.prompt_tokens"];

        tensor.Dimensions.ShouldBe([PromptTokenSamples.Width, PromptTokenSamples.Ensemble, PromptTokenSamples.Count]);
        // row 1 * 2 + 1: member 1 of prompt token 1
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Row(tensor, 3)).ToArray().ShouldBe([13, 14, 15, 16]);
    }

    [Fact]
    public void Model_of_the_same_fingerprint_is_accepted_whatever_its_name()
    {
        PromptTokenFile.Write(File, PromptTokenSamples.Bare);

        PromptTokenFile.Read(File, PromptTokenSamples.Model with { Name = "sample, quantised" }).Count.ShouldBe(PromptTokenSamples.Count);
    }

    [Fact]
    public void Other_model_is_refused_and_both_are_named()
    {
        PromptTokenFile.Write(File, PromptTokenSamples.Bare);
        var other = PromptTokenSamples.Model with { Name = "other", Fingerprint = "ffffffffffffffffffffffffffffffff" };

        string message = Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(File, other)).Message;
        message.ShouldContain("'sample' (llama, width 4, 512 tokens, fingerprint 0123456789abcdef0123456789abcdef)");
        message.ShouldContain("'other' (llama, width 4, 512 tokens, fingerprint ffffffffffffffffffffffffffffffff)");
    }

    [Fact]
    public void Other_width_is_refused()
    {
        PromptTokenFile.Write(File, PromptTokenSamples.Bare);

        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(File, PromptTokenSamples.Model with { Width = 8 }))
            .Message.ShouldContain("have 4 elements");
    }

    [Fact]
    public void Refused_prompt_tokens_are_not_written()
    {
        float[] rows = [.. PromptTokenSamples.Bare.Rows];
        rows[5] = float.NaN;

        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Write(File, PromptTokenSamples.Bare with { Rows = rows }))
            .Message.ShouldContain("NaN in row 1, element 1");
        System.IO.File.Exists(File).ShouldBeFalse();
    }

    [Theory]
    [InlineData("dir/llama-Q4_0.gguf", "dir/llama-Q4_0.ppd.gguf")]
    [InlineData("llama-3.2-1B", "llama-3.2-1B.ppd.gguf")]
    public void Prompt_tokens_lie_beside_their_model(string model, string expected) => PromptTokenFile.PathBeside(model).ShouldBe(expected);
}
