using System.Numerics;
using System.Text;

namespace Ppd.Native;

/// <summary>
/// Parses the header of a GGUF file. Everything is checked against the file length before it is used or allocated, and
/// everything that llama.cpp's own reader refuses is refused here with a reason.
/// </summary>
static class GgufReader
{
    public const int DefaultAlignment = 32;

    const uint Magic = 0x46554747; // "GGUF"
    const int MaxDimensions = 4;
    const int MaxTensorName = 63; // bytes; ggml stores 64 with the terminator
    const int MaxKey = 65535; // bytes
    const ulong MaxArrayElements = 1UL << 30;
    // llama.cpp compares every name with every other, so a file with millions of them would hang it.
    const ulong MaxKeys = 32768;
    const ulong MaxTensors = 32768;
    const int MinKeyBytes = 8 + 1 + 4 + 1; // length, one letter, type, one byte
    const int MinTensorBytes = 8 + 1 + 4 + 8 + 4 + 8; // length, one letter, dimensions, one of them, type, offset

    public static GgufFile Read(GgufMap map)
    {
        var cursor = new GgufCursor(map);
        uint version = Version(map.Path, ref cursor);
        ulong tensorCount = Count(map.Path, ref cursor, "tensor", MaxTensors, MinTensorBytes);
        ulong keyCount = Count(map.Path, ref cursor, "metadata key", MaxKeys, MinKeyBytes);
        var entries = Entries(map, ref cursor, (int)keyCount);
        var metadata = new GgufMetadata(map, entries);
        uint alignment = metadata.GetOrDefault("general.alignment", (uint)DefaultAlignment);
        if (!BitOperations.IsPow2(alignment))
            throw Damaged(map.Path, $"general.alignment is {alignment}, it must be a power of two");
        RefuseSplit(map.Path, metadata);
        var tensors = Tensors(map, ref cursor, (int)tensorCount, alignment);
        return new GgufFile(map, version, alignment, metadata, tensors);
    }

    public static PpdModelLoadException Damaged(string path, string problem) => new(
        $"'{path}' is not a usable GGUF file: {problem}. It is damaged or incomplete; get or convert it again.");

    static uint Version(string path, ref GgufCursor cursor)
    {
        uint magic = cursor.UInt32("the magic number");
        if (magic != Magic)
        {
            throw new PpdModelLoadException(
                $"'{path}' is not a GGUF file: it begins with bytes {magic & 0xFF:X2} {magic >> 8 & 0xFF:X2} {magic >> 16 & 0xFF:X2} {magic >> 24:X2}, " +
                "expected 47 47 55 46 (\"GGUF\"). Safetensors and PyTorch files must be converted first; a short text file is often a download that failed.");
        }
        uint version = cursor.UInt32("the version");
        return version switch
        {
            2 or 3 => version,
            1 => throw new PpdModelLoadException($"'{path}' is GGUF version 1, which llama.cpp no longer reads; convert the model again."),
            _ when (version & 0xFFFF) == 0 && version != 0 => throw new PpdModelLoadException(
                $"'{path}' is a big-endian GGUF file (version field 0x{version:X8}); only little-endian files are supported. Get the little-endian one."),
            _ => throw Damaged(path, $"version {version} is unknown, 2 and 3 are supported"),
        };
    }

    static ulong Count(string path, ref GgufCursor cursor, string what, ulong max, int minBytes)
    {
        ulong count = cursor.UInt64($"the {what} count");
        if (count > max)
            throw Damaged(path, $"it claims {count} {what}s, at most {max} are allowed");
        if (count * (ulong)minBytes > (ulong)cursor.Remaining)
            throw Damaged(path, $"it claims {count} {what}s, which cannot fit into the {cursor.Remaining} bytes left");
        return count;
    }

    static Dictionary<string, GgufEntry> Entries(GgufMap map, ref GgufCursor cursor, int count)
    {
        var entries = new Dictionary<string, GgufEntry>(count);
        for (int i = 0; i < count; i++)
        {
            string key = Name(map.Path, cursor.String($"metadata key {i}", MaxKey), $"metadata key {i}");
            if (!entries.TryAdd(key, Entry(map.Path, ref cursor, key)))
                throw Damaged(map.Path, $"metadata key '{key}' occurs twice");
        }
        return entries;
    }

    static GgufEntry Entry(string path, ref GgufCursor cursor, string key)
    {
        string what = $"metadata key '{key}'";
        var type = ValueType(path, ref cursor, what);
        bool isArray = type == GgufValueType.Array;
        ulong count = 1;
        if (isArray)
        {
            type = ValueType(path, ref cursor, what);
            if (type == GgufValueType.Array)
                throw Damaged(path, $"{what} is an array of arrays, which llama.cpp does not read");
            count = cursor.UInt64(what);
            int minBytes = type == GgufValueType.String ? 8 : type.Size();
            if (count > MaxArrayElements || count * (ulong)minBytes > (ulong)cursor.Remaining)
                throw Damaged(path, $"{what} claims {count} elements of type {type}, which cannot fit into the {cursor.Remaining} bytes left");
        }
        long offset = cursor.Position;
        if (type == GgufValueType.String)
        {
            for (ulong i = 0; i < count; i++)
                cursor.SkipString(what);
        }
        else
        {
            cursor.Skip((long)count * type.Size(), what);
        }
        return new GgufEntry(type, isArray, (int)count, offset);
    }

    static GgufValueType ValueType(string path, ref GgufCursor cursor, string what)
    {
        uint number = cursor.UInt32(what);
        return number <= (uint)GgufValueType.Float64
            ? (GgufValueType)number
            : throw Damaged(path, $"{what} has the unknown value type {number}");
    }

    static Dictionary<string, GgufTensor> Tensors(GgufMap map, ref GgufCursor cursor, int count, uint alignment)
    {
        var found = new List<GgufTensor>(count);
        var names = new HashSet<string>(count);
        ulong expectedOffset = 0; // from the start of the data section: llama.cpp wants tensors back to back, padded to the alignment
        for (int i = 0; i < count; i++)
        {
            string name = Name(map.Path, cursor.String($"the name of tensor {i}", MaxTensorName), $"the name of tensor {i}");
            if (!names.Add(name))
                throw Damaged(map.Path, $"tensor '{name}' occurs twice");
            var tensor = Tensor(map, ref cursor, name, expectedOffset);
            found.Add(tensor);
            expectedOffset += Pad((ulong)tensor.ByteLength, alignment);
        }
        ulong dataOffset = Pad((ulong)cursor.Position, alignment);
        var tensors = new Dictionary<string, GgufTensor>(count);
        foreach (var tensor in found)
        {
            ulong start = dataOffset + (ulong)tensor.Offset;
            if (start > (ulong)map.Length || (ulong)tensor.ByteLength > (ulong)map.Length - start)
            {
                throw Damaged(map.Path,
                    $"tensor '{tensor.Name}' occupies bytes {start}..{start + (ulong)tensor.ByteLength}, the file has {map.Length}");
            }
            tensors.Add(tensor.Name, tensor with { Offset = (long)start });
        }
        return tensors;
    }

    static GgufTensor Tensor(GgufMap map, ref GgufCursor cursor, string name, ulong expectedOffset)
    {
        string what = $"tensor '{name}'";
        uint rank = cursor.UInt32(what);
        if (rank is 0 or > MaxDimensions)
            throw Damaged(map.Path, $"{what} has {rank} dimensions, 1 to {MaxDimensions} are allowed");
        var dimensions = new long[rank];
        UInt128 elements = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            ulong length = cursor.UInt64(what);
            elements *= length;
            // No type stores 8 elements in a byte, so the file length bounds the product and no step of it overflows.
            if (length == 0 || elements / 8 > (ulong)map.Length)
                throw Damaged(map.Path, $"dimension {i} of {what} is {length}, which the file length of {map.Length} bytes rules out");
            dimensions[i] = (long)length;
        }
        uint number = cursor.UInt32(what);
        if (!GgmlTypes.TryGet(number, out var type))
            throw Damaged(map.Path, $"{what} has type number {number}, which is unknown to llama.cpp v0.5.0 or was removed from the format");
        if (dimensions[0] % type.Value.BlockSize != 0)
            throw Damaged(map.Path, $"{what} has rows of {dimensions[0]} elements, {type.Value.Name} needs a multiple of {type.Value.BlockSize}");
        var bytes = elements / (uint)type.Value.BlockSize * (uint)type.Value.BlockBytes;
        if (bytes > (ulong)map.Length)
            throw Damaged(map.Path, $"{what} would have {bytes} bytes, the file has {map.Length}");
        ulong offset = cursor.UInt64(what);
        if (offset != expectedOffset)
            throw Damaged(map.Path, $"{what} is at data offset {offset}, expected {expectedOffset} right behind the tensor before it");
        return new GgufTensor(name, (GgmlType)number, dimensions, (long)offset, (long)bytes);
    }

    // A name with a NUL ends early in C, where it could hide or collide with another one.
    static string Name(string path, ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.IsEmpty)
            throw Damaged(path, $"{what} is empty");
        foreach (byte b in bytes)
        {
            if (b is < 0x20 or > 0x7E)
                throw Damaged(path, $"{what} contains byte 0x{b:X2}, only printable ASCII is allowed");
        }
        return Encoding.ASCII.GetString(bytes);
    }

    static void RefuseSplit(string path, GgufMetadata metadata)
    {
        if (metadata.TryGet<ushort>("split.count", out var parts) && parts > 1)
        {
            throw new PpdModelLoadException(
                $"'{path}' is one of {parts} parts of a split model, which is not supported. Join them with `llama-gguf-split --merge` and load the result.");
        }
    }

    static ulong Pad(ulong value, uint alignment) => (value + alignment - 1) & ~((ulong)alignment - 1);
}
