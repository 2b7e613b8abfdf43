using System.Buffers.Binary;
using System.Security.Cryptography;
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

    /// <summary>Hashes the array as it lies in the file, each string behind its length: fast, and no two lists have the same bytes.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        const int chunk = 1 << 30; // bytes; a span holds less than 2^31
        long end = offset;
        for (int i = 0; i < count; i++)
            end += 8 + Length(end);
        for (long start = offset; start < end; start += chunk)
            hash.AppendData(map.Slice(start, (int)Math.Min(chunk, end - start)));
    }

    // Lengths were checked when the file was opened.
    int Length(long stringOffset) => (int)BinaryPrimitives.ReadUInt64LittleEndian(map.Slice(stringOffset, 8));
}
