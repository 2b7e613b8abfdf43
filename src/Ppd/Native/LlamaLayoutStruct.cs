using System.Runtime.CompilerServices;

namespace Ppd.Native;

/// <summary>
/// A C struct described in declaration order; offsets follow the rule shared by all 64-bit platforms: each scalar at the next
/// multiple of its own size, the whole padded to the largest alignment.
/// </summary>
sealed class LlamaLayoutStruct(string name)
{
    readonly List<LlamaLayoutField> _fields = [];
    int _end;
    int _alignment = 1;

    public string Name { get; } = name;

    public int Size => Align(_end, _alignment); // bytes

    public int this[string field] => Find(field) ?? throw new KeyNotFoundException($"{Name} has no field {field}.");

    public int? Find(string field) => _fields.Find(f => f.Name == field)?.Offset;

    public LlamaLayoutStruct Field<T>(string field, T defaultValue) where T : unmanaged, IEquatable<T>, IFormattable =>
        Add<T>(field, defaultValue);

    public LlamaLayoutStruct Pointer(string field) => Add<long>(field, 0);

    public LlamaLayoutStruct Flag(string field, bool defaultValue) => Add<byte>(field, (byte)(defaultValue ? 1 : 0));

    /// <summary>A field whose default differs between builds of the same release line, or is not known.</summary>
    public LlamaLayoutStruct Unchecked<T>(string field) where T : unmanaged, IEquatable<T>, IFormattable => Add<T>(field, null);

    /// <summary>The first field of a default struct that does not hold its known value; null when all do.</summary>
    public string? FirstDifference(ReadOnlySpan<byte> image)
    {
        if (image.Length < Size)
            return $"{Name} has {image.Length} bytes, not {Size}";
        foreach (LlamaLayoutField field in _fields)
        {
            if (field.Difference(image) is { } difference)
                return $"{Name}.{difference}";
        }
        return null;
    }

    LlamaLayoutStruct Add<T>(string field, T? defaultValue) where T : unmanaged, IEquatable<T>, IFormattable
    {
        int size = Unsafe.SizeOf<T>();
        int offset = Align(_end, size);
        _fields.Add(new LlamaLayoutField<T>(field, offset, defaultValue));
        _end = offset + size;
        _alignment = Math.Max(_alignment, size);
        return this;
    }

    static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
