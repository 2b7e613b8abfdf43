using System.Buffers.Binary;
using System.Text;

namespace Ppd.Native;

/// <summary>A string array of the metadata, read in place: nothing is decoded before it is asked for.</summary>
sealed class GgufStringArray(GgufMap map, long offset, int count)
{
    public int Count => count;

    /// <summary>Where each string begins, for <see cref="At"/>; one pass over the array, 8 bytes a string.</summary>
    public long[] Offsets()
    {
        var offsets = new long[count];
        long next = offset;
        for (int i = 0; i < count; i++)
        {
            offsets[i] = next;
            next += 8 + Length(next);
        }
        return offsets;
    }

    /// <summary>The raw bytes of the string at an offset taken from <see cref="Offsets"/>.</summary>
    public ReadOnlySpan<byte> At(long stringOffset) => map.Slice(stringOffset + 8, Length(stringOffset));

    /// <summary>Decodes all strings; bytes that are not UTF-8 become U+FFFD.</summary>
    public string[] ToArray() => Array.ConvertAll(Offsets(), start => Encoding.UTF8.GetString(At(start)));

    // Lengths were checked when the file was opened.
    int Length(long stringOffset) => (int)BinaryPrimitives.ReadUInt64LittleEndian(map.Slice(stringOffset, 8));
}
