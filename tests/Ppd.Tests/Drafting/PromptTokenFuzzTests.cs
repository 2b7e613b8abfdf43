using System.Buffers.Binary;
using Ppd.Drafting;
using Ppd.Testing;

namespace Ppd.Tests.Drafting;

public sealed class PromptTokenFuzzTests : IDisposable
{
    const int Files = 1500;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_files_are_read_or_refused_by_type()
    {
        string path = _folder["model.ppd.gguf"];
        PromptTokenFile.Write(path, PromptTokenSamples.Full);
        byte[] original = File.ReadAllBytes(path);
        var random = new Random(20);
        int refused = 0;
        for (int i = 0; i < Files; i++)
        {
            byte[] bytes = [.. original];
            int at = random.Next(bytes.Length - 8);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), random.NextInt64());
                    break;
                case 2:
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), float.NaN);
                    break;
                case 3:
                    bytes = bytes[..at];
                    break;
            }
            File.WriteAllBytes(path, bytes);
            try
            {
                // what was accepted is within its bounds
                PromptTokenCheck.Check(PromptTokenFile.Read(path), path);
            }
            catch (PpdPromptTokenFileException)
            {
                refused++;
            }
        }
        refused.ShouldBeInRange(Files / 2, Files - 1);
    }
}
