using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Ppd.Native;

/// <summary>Where one metadata value lies. For arrays, <paramref name="Type"/> is the element type.</summary>
/// <param name="Type">Type of the value or of the array's elements.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="Count">Elements; 1 for a scalar.</param>
/// <param name="Offset">Bytes from the start of the file to the value (of a string: to its length; of an array: to its first element).</param>
readonly record struct GgufEntry(GgufValueType Type, bool IsArray, int Count, long Offset)
{
    public string TypeName => IsArray ? $"{Type}[{Count}]" : Type.ToString();
}

/// <summary>
/// Typed access to the metadata of an open file. A key of another type than asked for is an error that names both, never a
/// conversion: llama.cpp is as strict.
/// </summary>
sealed class GgufMetadata(GgufMap map, IReadOnlyDictionary<string, GgufEntry> entries)
{
    /// <summary>Longest string that is decoded, in bytes; the longest chat templates have some 30 KB.</summary>
    public const int MaxStringBytes = 4 << 20;

    public IEnumerable<string> Keys => entries.Keys;

    public bool Contains(string key) => entries.ContainsKey(key);

    public bool TryGetEntry(string key, out GgufEntry entry) => entries.TryGetValue(key, out entry);

    /// <summary>False where the key is absent.</summary>
    /// <exception cref="PpdModelLoadException">The key has another type.</exception>
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!TryFind(key, GgufValueTypes.Of<T>(), isArray: false, out var entry))
            return false;
        if (typeof(T) == typeof(string))
            value = (T)(object)ReadString(key, entry.Offset);
        else
            value = Read<T>(entry.Offset);
        return true;
    }

    public T GetRequired<T>(string key) =>
        TryGet<T>(key, out var value) ? value : throw new PpdModelLoadException(
            $"'{map.Path}' has no metadata key '{key}', which must be there as {GgufValueTypes.Of<T>()}. " +
            "The file is incomplete or was converted with another tool; convert the model again.");

    public T GetOrDefault<T>(string key, T defaultValue) => TryGet<T>(key, out var value) ? value : defaultValue;

    /// <summary>Copies a numeric array; false where the key is absent.</summary>
    public bool TryGetArray<T>(string key, [NotNullWhen(true)] out T[]? values) where T : unmanaged
    {
        values = null;
        if (!TryFind(key, GgufValueTypes.Of<T>(), isArray: true, out var entry))
            return false;
        int size = entry.Type.Size();
        values = new T[entry.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Read<T>(entry.Offset + (long)i * size);
        return true;
    }

    public bool TryGetStrings(string key, [NotNullWhen(true)] out GgufStringArray? strings)
    {
        strings = null;
        if (TryFind(key, GgufValueType.String, isArray: true, out var entry))
            strings = new GgufStringArray(map, entry.Offset, entry.Count);
        return strings is not null;
    }

    bool TryFind(string key, GgufValueType type, bool isArray, out GgufEntry entry)
    {
        if (!entries.TryGetValue(key, out entry))
            return false;
        if (entry.Type == type && entry.IsArray == isArray)
            return true;
        throw new PpdModelLoadException(
            $"Metadata key '{key}' of '{map.Path}' is {entry.TypeName} but must be {type}{(isArray ? "[]" : "")}. " +
            "The file was written by a faulty tool or is damaged; convert the model again.");
    }

    T Read<T>(long offset)
    {
        if (typeof(T) == typeof(bool))
            return (T)(object)(map.Slice(offset, 1)[0] != 0);
        if (typeof(T) == typeof(byte)) return (T)(object)map.Slice(offset, 1)[0];
        if (typeof(T) == typeof(sbyte)) return (T)(object)(sbyte)map.Slice(offset, 1)[0];
        if (typeof(T) == typeof(ushort)) return (T)(object)MemoryMarshal.Read<ushort>(map.Slice(offset, 2));
        if (typeof(T) == typeof(short)) return (T)(object)MemoryMarshal.Read<short>(map.Slice(offset, 2));
        if (typeof(T) == typeof(uint)) return (T)(object)MemoryMarshal.Read<uint>(map.Slice(offset, 4));
        if (typeof(T) == typeof(int)) return (T)(object)MemoryMarshal.Read<int>(map.Slice(offset, 4));
        if (typeof(T) == typeof(float)) return (T)(object)MemoryMarshal.Read<float>(map.Slice(offset, 4));
        if (typeof(T) == typeof(ulong)) return (T)(object)MemoryMarshal.Read<ulong>(map.Slice(offset, 8));
        if (typeof(T) == typeof(long)) return (T)(object)MemoryMarshal.Read<long>(map.Slice(offset, 8));
        return (T)(object)MemoryMarshal.Read<double>(map.Slice(offset, 8));
    }

    string ReadString(string key, long offset)
    {
        ulong length = MemoryMarshal.Read<ulong>(map.Slice(offset, 8));
        if (length > MaxStringBytes)
        {
            throw new PpdModelLoadException(
                $"Metadata key '{key}' of '{map.Path}' is a text of {length} bytes; at most {MaxStringBytes} are read. The file is damaged or not a model.");
        }
        return Encoding.UTF8.GetString(map.Slice(offset + 8, (int)length));
    }
}
