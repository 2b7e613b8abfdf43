namespace Ppd.Native;

/// <summary>Where a tensor lies in its file and how it is stored.</summary>
/// <param name="Name">Unique in the file, 1 to 63 bytes.</param>
/// <param name="Type">Storage of the elements.</param>
/// <param name="Dimensions">1 to 4 positive lengths; the first is the row length, contiguous in memory.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="ByteLength">Bytes of all rows.</param>
sealed record GgufTensor(string Name, GgmlType Type, IReadOnlyList<long> Dimensions, long Offset, long ByteLength)
{
    public long RowLength => Dimensions[0];

    public long RowBytes => Type.RowBytes(RowLength);

    public long RowCount => ByteLength / RowBytes;

    public long ElementCount => RowLength * RowCount;

    /// <summary>Dimensions as in messages: <c>[64, 512]</c>.</summary>
    public string Shape => $"[{string.Join(", ", Dimensions)}]";
}
