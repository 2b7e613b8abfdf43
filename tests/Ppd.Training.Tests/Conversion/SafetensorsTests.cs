namespace Ppd.Training.Tests.Conversion;

public sealed class SafetensorsTests : IDisposable
{
    readonly CheckpointFolder _checkpoint = new CheckpointFolder().WriteConfig();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData("[2,12]")]
    [InlineData("[6,8]")]
    [InlineData("[24]")]
    [InlineData("[3,2,4]")]
    [InlineData("[]")]
    [InlineData("[-6,-4]")]
    public void Other_shapes_are_refused(string shape) => _checkpoint.WriteSafetensors(shape: shape).Refusal().ShouldContain("call for [6, 4]");

    [Theory]
    [InlineData("[0,95]")]
    [InlineData("[0,97]")]
    [InlineData("[1,97]")]
    [InlineData("[-96,0]")]
    [InlineData("[9223372036854775711,9223372036854775807]")]
    [InlineData("[96,0]")]
    public void Ranges_outside_the_file_are_refused(string offsets) => _checkpoint.WriteSafetensors(offsets: offsets).Refusal().ShouldContain("is said to be at bytes");

    [Theory]
    [InlineData("[0]", "1 data offsets")]
    [InlineData("[0,96.5]", "not what the format calls for")]
    [InlineData("96", "not what the format calls for")]
    public void Ranges_that_are_none_are_refused(string offsets, string problem) => _checkpoint.WriteSafetensors(offsets: offsets).Refusal().ShouldContain(problem);

    [Theory]
    [InlineData("I64")]
    [InlineData("F8_E4M3")]
    public void Other_types_are_refused(string type) => _checkpoint.WriteSafetensors(type).Refusal().ShouldContain($"stored as {type}");

    [Fact]
    public void Other_tensors_are_refused() => _checkpoint.WriteSafetensors(name: "lora_A.weight").Refusal().ShouldContain("has the tensors 'lora_A.weight'");

    [Fact]
    public void More_tensors_are_refused() =>
        _checkpoint.WriteSafetensors("""{"prompt_embeddings":{"dtype":"F32","shape":[6,4],"data_offsets":[0,96]},"b":{"dtype":"F32","shape":[0],"data_offsets":[96,96]}}""",
            CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("'prompt_embeddings', 'b'");

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{]", "not valid JSON")]
    [InlineData("""{"\ud800":{}}""", "not valid JSON")]
    [InlineData("""{"prompt_embeddings":{"dtype":"\ud800","shape":[6,4],"data_offsets":[0,96]}}""", "not what the format calls for")]
    [InlineData("{}", "has the tensors (none)")]
    [InlineData("""{"prompt_embeddings":{}}""", "not what the format calls for")]
    [InlineData("""{"prompt_embeddings":7}""", "not what the format calls for")]
    [InlineData("""{"prompt_embeddings":{"dtype":7,"shape":[6,4],"data_offsets":[0,96]}}""", "not what the format calls for")]
    public void Header_that_is_none_is_refused(string header, string problem) =>
        _checkpoint.WriteSafetensors(header, CheckpointFolder.Bytes("F32")).Refusal().ShouldContain(problem);

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 20)]
    public void Header_longer_than_the_file_is_refused(ulong claimed) =>
        _checkpoint.WriteSafetensors("{}", [], claimed).Refusal().ShouldContain($"said to have {claimed} bytes");

    [Fact]
    public void File_without_a_header_is_refused()
    {
        File.WriteAllText(_checkpoint["adapter_model.safetensors"], "short");
        _checkpoint.Refusal().ShouldContain("it has 5 bytes");
    }
}
