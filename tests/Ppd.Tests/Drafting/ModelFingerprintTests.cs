using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;
using Ppd.Tests.Native;

namespace Ppd.Tests.Drafting;

public sealed class ModelFingerprintTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Quantisations_of_one_model_have_one_fingerprint()
    {
        string full = OfRandom(new RandomModelOptions());

        full.ShouldMatch("^[0-9a-f]{32}$");
        OfRandom(new RandomModelOptions { WeightType = RandomWeightType.F16 }).ShouldBe(full);
        OfRandom(new RandomModelOptions { WeightType = RandomWeightType.BF16 }).ShouldBe(full);
    }

    [Theory]
    [InlineData("attention.head_count", 8u)]
    [InlineData("attention.head_count_kv", 1u)]
    [InlineData("block_count", 1u)]
    public void Other_lengths_have_another_fingerprint(string key, object value) => Of(new TinyModel().With(key, value)).ShouldNotBe(Of(new TinyModel()));

    [Theory]
    [InlineData("context_length", 128u)]
    [InlineData("rope.freq_base", 5000f)]
    public void Settings_that_people_edit_do_not_count(string key, object value) => Of(new TinyModel().With(key, value)).ShouldBe(Of(new TinyModel()));

    [Fact]
    public void Other_vocabulary_has_another_fingerprint() => Of(new TinyModel().Rename(259, "▁other")).ShouldNotBe(Of(new TinyModel()));

    [Fact]
    public void Further_vector_has_another_fingerprint() =>
        Of(new TinyModel().Tensor("blk.0.attn_q.bias", GgmlType.F32, 32)).ShouldNotBe(Of(new TinyModel()));

    [Fact]
    public void Order_and_trailing_dimensions_of_tensors_do_not_count()
    {
        var reordered = new TinyModel().Without("output_norm.weight").Tensor("output_norm.weight", GgmlType.F32, 32, 1);
        Of(reordered).ShouldBe(Of(new TinyModel()));
    }

    [Fact]
    public void Scales_that_a_quantisation_adds_do_not_count() =>
        Of(new TinyModel().Tensor("blk.0.ffn_up.scale", GgmlType.F32, 1).Tensor("blk.0.ffn_up.input_scale", GgmlType.F32, 1)).ShouldBe(Of(new TinyModel()));

    [Fact]
    public void One_changed_element_of_a_norm_changes_the_fingerprint()
    {
        string path = _folder["model.gguf"];
        new TinyModel().Write(path);
        string before = OfFile(path);
        long offset;
        using (var file = GgufFile.Open(path))
            offset = file.Tensors["blk.1.ffn_norm.weight"].Offset;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[offset + 17] ^= 1;
        File.WriteAllBytes(path, bytes);

        OfFile(path).ShouldNotBe(before);
    }

    [Fact]
    public void Base_model_is_described_from_its_file()
    {
        string path = _folder["model.gguf"];
        RandomModel.Write(path, new RandomModelOptions());
        using var file = GgufFile.Open(path);
        var model = BaseModel.Of(file);

        model.ShouldBe(new BaseModel("llama", "random-2x64-1", 64, 512, ModelFingerprint.Of(file)));
    }

    [Fact]
    public void Real_model_keeps_its_fingerprint()
    {
        // A change here orphans every prompt-token file there is: raise the format version with it.
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        OfFile(SharedData.Path("models", "stories260K", "stories260K-f32.gguf")).ShouldBe("a1c8a6a5c622a5d6b127bf1e5fda0ae3");
    }

    string OfRandom(RandomModelOptions options)
    {
        string path = _folder[$"{options.Seed}-{options.WeightType}.gguf"];
        RandomModel.Write(path, options);
        return OfFile(path);
    }

    string Of(TinyModel model)
    {
        string path = _folder[$"{Guid.NewGuid()}.gguf"];
        model.Write(path);
        return OfFile(path);
    }

    static string OfFile(string path)
    {
        using var file = GgufFile.Open(path);
        return ModelFingerprint.Of(file);
    }
}
