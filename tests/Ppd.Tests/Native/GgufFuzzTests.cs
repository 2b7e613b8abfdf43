using System.Buffers.Binary;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

public sealed class GgufFuzzTests : IDisposable
{
    const int Mutations = 5000;
    const long MaxAllocatedBytes = 4 << 20; // for a file of 150 KB; a hostile count asks for gigabytes

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mutated_file_opens_or_is_refused_and_never_costs_much_memory()
    {
        string path = _folder["mutated.gguf"];
        new TinyModel().With("vocab_size", 260u).WithKey("tokenizer.chat_template", "{{ x }}").Write(path);
        byte[] original = File.ReadAllBytes(path);
        int headerLength = HeaderLength(path);
        var random = new Random(20250614);
        int opened = 0, passed = 0, refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bytes = Mutate(original, headerLength, random);
            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = GgufFile.Open(path);
                opened++;
                TouchEverything(file);
                GgufModelCheck.Check(file);
                passed++;
            }
            catch (PpdModelLoadException)
            {
                refused++;
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocatedBytes, $"mutation {i}");
        }
        TestContext.Current.SendDiagnosticMessage($"{Mutations} mutations: {opened} opened, {passed} passed the check, {refused} refused.");

        (passed + refused).ShouldBe(Mutations);
        // The mutations reach all three outcomes, or this test would say nothing.
        passed.ShouldBeGreaterThan(Mutations / 50);
        (opened - passed).ShouldBeGreaterThan(Mutations / 50);
        (Mutations - opened).ShouldBeGreaterThan(Mutations / 50);
    }

    static void TouchEverything(GgufFile file)
    {
        foreach (var tensor in file.Tensors.Values)
            _ = file.Row(tensor, tensor.RowCount - 1)[^1];
        foreach (string key in file.Metadata.Keys)
        {
            file.Metadata.TryGetEntry(key, out var entry).ShouldBeTrue();
            if (entry is { Type: GgufValueType.String, IsArray: true } && file.Metadata.TryGetStrings(key, out var strings))
                strings.ToArray().Length.ShouldBe(entry.Count);
        }
    }

    static byte[] Mutate(byte[] original, int headerLength, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(6))
        {
            case 0: // a few bits anywhere in the header
                for (int n = random.Next(1, 5); n > 0; n--)
                    bytes[random.Next(headerLength)] ^= (byte)(1 << random.Next(8));
                break;
            case 1: // a few bytes anywhere in the header
                for (int n = random.Next(1, 5); n > 0; n--)
                    bytes[random.Next(headerLength)] = (byte)random.Next(256);
                break;
            case 2: // a hostile number: count, length, dimension or offset
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(random.Next(headerLength - 8)), Hostile(random));
                break;
            case 3: // cut off
                return bytes[..random.Next(bytes.Length)];
            case 4: // a piece of the header moved over another
                int length = random.Next(1, 32);
                bytes.AsSpan(random.Next(headerLength - length), length).CopyTo(bytes.AsSpan(random.Next(headerLength - length)));
                break;
            default: // weights only
                bytes[random.Next(headerLength, bytes.Length)] = (byte)random.Next(256);
                break;
        }
        return bytes;
    }

    static ulong Hostile(Random random) => random.Next(6) switch
    {
        0 => ulong.MaxValue,
        1 => long.MaxValue,
        2 => 1UL << random.Next(64),
        3 => 0,
        4 => uint.MaxValue,
        _ => (ulong)random.NextInt64(1 << 20),
    };

    static int HeaderLength(string path)
    {
        using var file = GgufFile.Open(path);
        return (int)file.Tensors.Values.Min(tensor => tensor.Offset);
    }
}
