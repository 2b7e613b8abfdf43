namespace Ppd.Native;

/// <summary>
/// A GGUF file (version 2 or 3) opened for reading: metadata, tensor directory and rows, all straight from a read-only
/// memory map. Opening parses only the header, whatever the size of the file.
/// </summary>
sealed class GgufFile : IDisposable
{
    readonly GgufMap _map;

    internal GgufFile(GgufMap map, uint version, uint alignment, GgufMetadata metadata, IReadOnlyDictionary<string, GgufTensor> tensors)
    {
        _map = map;
        Version = version;
        Alignment = alignment;
        Metadata = metadata;
        Tensors = tensors;
    }

    public string Path => _map.Path;

    /// <summary>Bytes in the file.</summary>
    public long Length => _map.Length;

    public uint Version { get; }

    /// <summary>Bytes; tensors begin at multiples of it.</summary>
    public uint Alignment { get; }

    public GgufMetadata Metadata { get; }

    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    /// <exception cref="PpdModelLoadException">The file cannot be read or is not a valid GGUF file; the message says where and why.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var map = GgufMap.Open(path);
        try
        {
            return GgufReader.Read(map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The stored bytes of one row, rows counted over all dimensions but the first. The span points into the memory map: it
    /// must not be used after <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlySpan<byte> Row(GgufTensor tensor, long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, tensor.RowCount);
        return _map.Slice(tensor.Offset + row * tensor.RowBytes, checked((int)tensor.RowBytes));
    }

    public void Dispose() => _map.Dispose();
}
