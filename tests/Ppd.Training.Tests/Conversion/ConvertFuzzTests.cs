using Ppd.Training.Conversion;

namespace Ppd.Training.Tests.Conversion;

public sealed class ConvertFuzzTests : IDisposable
{
    const int Files = 1000;

    readonly CheckpointFolder _checkpoint = new CheckpointFolder().WriteConfig();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData("adapter_config.json")]
    [InlineData("adapter_model.safetensors")]
    [InlineData("adapter_model.bin")]
    public void Damaged_files_are_converted_or_refused_by_type(string name)
    {
        if (name == "adapter_model.bin") _checkpoint.WriteArchive(Pickle.Checkpoint(), CheckpointFolder.Bytes("F32"));
        else _checkpoint.WriteSafetensors();
        var original = File.ReadAllBytes(_checkpoint[name]);
        var random = new Random(21);
        var refused = 0;
        for (var i = 0; i < Files; i++)
        {
            byte[] bytes = [.. original];
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            File.WriteAllBytes(_checkpoint[name], bytes);
            try
            {
                _checkpoint.Convert();
            }
            catch (ConversionException)
            {
                refused++;
            }
        }
        refused.ShouldBeInRange(Files / 3, Files - 1);
    }
}
