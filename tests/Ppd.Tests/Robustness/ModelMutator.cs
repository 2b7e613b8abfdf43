using System.Buffers.Binary;
using Ppd.Native;

namespace Ppd.Tests.Robustness;

/// <summary>Damages a model file in one of the ways files get damaged, and in some that only malice finds.</summary>
sealed class ModelMutator
{
    readonly byte[] _original;
    readonly int _headerLength;
    readonly int[] _counts;     // offsets of the header's tensor and metadata counts

    internal ModelMutator(string path)
    {
        _original = File.ReadAllBytes(path);
        using var file = GgufFile.Open(path);
        _headerLength = (int)file.Tensors.Values.Min(tensor => tensor.Offset);
        _counts = [8, 16];
    }

    internal (string Kind, byte[] Bytes) Next(Random random)
    {
        byte[] bytes = [.. _original];
        switch (random.Next(8))
        {
            case 0:
                Flip(bytes.AsSpan(0, _headerLength), random);
                return ("header-bits", bytes);
            case 1:
                Flip(bytes.AsSpan(_headerLength), random);
                return ("weight-bits", bytes);
            case 2:
                return ("truncated", bytes[..random.Next(bytes.Length)]);
            case 3:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(_counts[random.Next(2)]), Giant(random));
                return ("giant-count", bytes);
            case 4:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(random.Next(24, _headerLength - 8)), Giant(random));
                return ("giant-value", bytes);
            case 5:
                for (var n = random.Next(1, 2000); n > 0; n--) Write(bytes, random, float.NaN);
                return ("nan-weights", bytes);
            case 6:
                for (var n = random.Next(1, 2000); n > 0; n--) Write(bytes, random, random.Next(2) == 0 ? float.PositiveInfinity : 1e38f);
                return ("huge-weights", bytes);
            default:
                var metadata = bytes.AsSpan(24, 900);    // the hyperparameters come before the vocabulary
                metadata[random.Next(metadata.Length)] = (byte)random.Next(256);
                return ("metadata-byte", bytes);
        }
    }

    static void Flip(Span<byte> part, Random random)
    {
        for (var n = random.Next(1, 9); n > 0; n--) part[random.Next(part.Length)] ^= (byte)(1 << random.Next(8));
    }

    void Write(byte[] bytes, Random random, float value) =>
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(_headerLength + 4 * random.Next((bytes.Length - _headerLength) / 4)), value);

    static ulong Giant(Random random) => random.Next(4) switch
    {
        0 => ulong.MaxValue,
        1 => long.MaxValue,
        2 => 1UL << random.Next(20, 64),
        _ => (ulong)random.NextInt64(1L << 40),
    };
}
