using System.Text;

namespace Ppd.Tests.Native;

/// <summary>Lays out a GGUF header field by field, valid or not, without the code under test.</summary>
sealed class GgufBytes
{
    readonly MemoryStream _bytes = new();

    public static GgufBytes Header(ulong tensors, ulong keys, uint version = 3) =>
        new GgufBytes().Raw("GGUF"u8).U32(version).U64(tensors).U64(keys);

    public GgufBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public GgufBytes U32(uint value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes U64(ulong value) => Raw(BitConverter.GetBytes(value));

    public GgufBytes Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return U64((ulong)bytes.Length).Raw(bytes);
    }

    /// <summary>A UINT32 metadata value.</summary>
    public GgufBytes Key(string key, uint value) => Text(key).U32(4).U32(value);

    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] dimensions)
    {
        Text(name).U32((uint)dimensions.Length);
        foreach (ulong length in dimensions)
            U64(length);
        return U32(type).U64(offset);
    }

    public GgufBytes PadTo(int alignment)
    {
        while (_bytes.Length % alignment != 0)
            _bytes.WriteByte(0);
        return this;
    }

    public GgufBytes Zeros(int count) => Raw(new byte[count]);

    public byte[] ToArray() => _bytes.ToArray();
}
