using System.Buffers.Binary;
using System.Text;

namespace Ppd.Native;

/// <summary>A string array of the metadata, walked in place: nothing is decoded before it is asked for.</summary>
sealed class GgufStringArray(GgufMap map, long offset, int count)
{
    public int Count => count;

    /// <summary>Decodes all strings; bytes that are not UTF-8 become U+FFFD.</summary>
    public string[] ToArray()
    {
        var strings = new string[count];
        int i = 0;
        foreach (var bytes in this)
            strings[i++] = Encoding.UTF8.GetString(bytes);
        return strings;
    }

    public Enumerator GetEnumerator() => new(map, offset, count);

    /// <summary>Yields the raw bytes of each string, in file order.</summary>
    public ref struct Enumerator(GgufMap map, long offset, int count)
    {
        long _next = offset;
        int _left = count;

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_left-- <= 0)
                return false;
            // Lengths were checked when the file was opened.
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(map.Slice(_next, 8));
            Current = map.Slice(_next + 8, length);
            _next += 8 + length;
            return true;
        }
    }
}
