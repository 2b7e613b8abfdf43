using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>Reads a file header front to back; running over the end is an error that says what was being read.</summary>
ref struct GgufCursor(GgufMap map)
{
    // llama.cpp refuses longer strings and larger arrays.
    const ulong MaxStringLength = 1UL << 30;

    /// <summary>Bytes from the start of the file.</summary>
    public long Position { get; private set; }

    public readonly long Remaining => map.Length - Position;

    public uint UInt32(string what) => Read<uint>(what);

    public ulong UInt64(string what) => Read<ulong>(what);

    /// <summary>A length-prefixed string of at most <paramref name="maxLength"/> bytes.</summary>
    public ReadOnlySpan<byte> String(string what, int maxLength)
    {
        int length = StringLength(what);
        if (length > maxLength)
            throw GgufReader.Damaged(map.Path, $"{what} is {length} bytes long at byte {Position}, at most {maxLength} are allowed");
        var text = map.Slice(Position, length);
        Position += length;
        return text;
    }

    public void SkipString(string what)
    {
        int length = StringLength(what); // moves Position itself
        Position += length;
    }

    public void Skip(long bytes, string what)
    {
        Require((ulong)bytes, what);
        Position += bytes;
    }

    int StringLength(string what)
    {
        ulong length = UInt64(what);
        if (length > MaxStringLength)
            throw GgufReader.Damaged(map.Path, $"{what} claims {length} bytes at byte {Position}, at most {MaxStringLength} are allowed");
        Require(length, what);
        return (int)length;
    }

    T Read<T>(string what) where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        Require((ulong)size, what);
        var value = MemoryMarshal.Read<T>(map.Slice(Position, size));
        Position += size;
        return value;
    }

    readonly void Require(ulong bytes, string what)
    {
        if (bytes > (ulong)Remaining)
            throw GgufReader.Damaged(map.Path, $"it ends inside {what}: {bytes} bytes are needed at byte {Position}, {Remaining} are left");
    }
}
