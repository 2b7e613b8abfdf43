using System.Globalization;
using System.Numerics;
using System.Text;

namespace Ppd.Native;

/// <summary>
/// The token texts of a vocabulary as llama.cpp sees them, found by their bytes: a text ends at a NUL, and an empty one
/// counts as <c>[EMPTY_id]</c>. The texts stay in the memory map; a token costs 16 to 24 bytes here.
/// </summary>
sealed class GgufTokenTable
{
    readonly GgufStringArray _tokens;
    readonly long[] _offsets;
    readonly int[] _slots; // open addressing: token id + 1, 0 is free

    public GgufTokenTable(GgufStringArray tokens)
    {
        _tokens = tokens;
        _offsets = tokens.Offsets();
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)tokens.Count * 2 + 1)];
        for (int id = 0; id < Count; id++)
        {
            ref int slot = ref Slot(Text(id));
            if (slot == 0)
                slot = id + 1;
            else
                FirstDuplicate ??= (slot - 1, id);
        }
    }

    public int Count => _offsets.Length;

    /// <summary>The first two ids with the same text.</summary>
    public (int First, int Second)? FirstDuplicate { get; }

    public ReadOnlySpan<byte> Text(int id)
    {
        var text = _tokens.At(_offsets[id]);
        int end = text.IndexOf((byte)0);
        if (end >= 0)
            text = text[..end];
        return text.IsEmpty ? Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[EMPTY_{id}]")) : text;
    }

    public bool Contains(ReadOnlySpan<byte> text) => Slot(text) != 0;

    // The slot that holds the text, or the free one where it belongs.
    ref int Slot(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        int mask = _slots.Length - 1;
        int i = hash.ToHashCode() & mask;
        while (_slots[i] != 0 && !Text(_slots[i] - 1).SequenceEqual(text))
            i = (i + 1) & mask;
        return ref _slots[i];
    }
}
