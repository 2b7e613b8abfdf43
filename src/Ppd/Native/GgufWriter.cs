using System.Text;

namespace Ppd.Native;

/// <summary>
/// Writes a GGUF version 3 file. Metadata and tensors are declared first, in file order; tensor bytes are produced while
/// writing, so a model of any size needs only its header in memory.
/// </summary>
sealed class GgufWriter
{
    const int Alignment = GgufReader.DefaultAlignment;

    readonly List<(string Key, object Value)> _metadata = [];
    readonly List<(string Name, GgmlType Type, long[] Dimensions, Action<Stream> Write)> _tensors = [];
    readonly HashSet<string> _names = [];

    /// <summary>
    /// Declares a metadata value: any of the twelve GGUF scalar types, a string, or an array of them. The .NET type chooses
    /// the file type, and llama.cpp insists on it: counts are <see cref="uint"/>, token types <see cref="int"/>.
    /// </summary>
    public GgufWriter Add(string key, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _ = GgufValueTypes.Of(ElementType(value.GetType()));
        if (key == "general.alignment")
            throw new ArgumentException($"The alignment is always {Alignment} here.", nameof(key));
        if (_metadata.Exists(entry => entry.Key == key))
            throw new ArgumentException($"Metadata key '{key}' is already there.", nameof(key));
        _metadata.Add((key, value));
        return this;
    }

    /// <summary>
    /// Declares a tensor of the given <paramref name="dimensions"/>, row length first. <paramref name="write"/> is called once
    /// while writing and must write exactly the bytes of all rows.
    /// </summary>
    public GgufWriter AddTensor(string name, GgmlType type, long[] dimensions, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) > 63)
            throw new ArgumentException($"Tensor name '{name}' is longer than the 63 bytes ggml allows.", nameof(name));
        if (dimensions.Length is 0 or > 4 || dimensions.Any(length => length <= 0))
            throw new ArgumentException($"Tensor '{name}' needs 1 to 4 positive dimensions, not [{string.Join(", ", dimensions)}].", nameof(dimensions));
        if (dimensions[0] % type.Info().BlockSize != 0)
            throw new ArgumentException($"Rows of {type} need a multiple of {type.Info().BlockSize} elements; '{name}' has {dimensions[0]}.", nameof(dimensions));
        if (!_names.Add(name))
            throw new ArgumentException($"Tensor '{name}' is already there.", nameof(name));
        _tensors.Add((name, type, dimensions, write));
        return this;
    }

    /// <summary>Creates or replaces the file at <paramref name="path"/>; a failed write leaves no file.</summary>
    public void Write(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Delete, bufferSize: 1 << 20);
        try
        {
            Write(stream);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes to a stream whose position is 0 at the start of the file.</summary>
    public void Write(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            WriteHeader(writer);
        Pad(stream);
        foreach (var (name, type, dimensions, write) in _tensors)
        {
            long start = stream.Position;
            write(stream);
            long expected = Bytes(type, dimensions);
            if (stream.Position - start != expected)
                throw new InvalidOperationException($"Tensor '{name}' wrote {stream.Position - start} bytes, its shape needs {expected}.");
            Pad(stream);
        }
    }

    void WriteHeader(BinaryWriter writer)
    {
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach (var (key, value) in _metadata)
        {
            WriteString(writer, key);
            WriteValue(writer, value);
        }
        ulong offset = 0;
        foreach (var (name, type, dimensions, _) in _tensors)
        {
            WriteString(writer, name);
            writer.Write((uint)dimensions.Length);
            foreach (long length in dimensions)
                writer.Write((ulong)length);
            writer.Write((uint)type);
            writer.Write(offset);
            offset += (ulong)(Bytes(type, dimensions) + Alignment - 1) / Alignment * Alignment;
        }
    }

    static void WriteValue(BinaryWriter writer, object value)
    {
        if (value is Array array)
        {
            writer.Write((uint)GgufValueType.Array);
            writer.Write((uint)GgufValueTypes.Of(ElementType(value.GetType())));
            writer.Write((ulong)array.Length);
            foreach (object element in array)
                WriteScalar(writer, element);
        }
        else
        {
            writer.Write((uint)GgufValueTypes.Of(value.GetType()));
            WriteScalar(writer, value);
        }
    }

    static void WriteScalar(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteString(writer, v); break;
            default: throw new NotSupportedException($"GGUF metadata has no type for {value.GetType()}.");
        }
    }

    static void WriteString(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    static void Pad(Stream stream)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[Alignment];
        int over = (int)(stream.Position % Alignment);
        if (over != 0)
            stream.Write(zeros[over..]);
    }

    static long Bytes(GgmlType type, long[] dimensions) =>
        dimensions.Skip(1).Aggregate(type.RowBytes(dimensions[0]), (bytes, length) => checked(bytes * length));

    static Type ElementType(Type type) => type.IsArray ? type.GetElementType()! : type;
}
