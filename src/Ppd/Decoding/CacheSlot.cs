using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// One request's part of the KV cache: a range of sequence ids, of which one, the trunk, owns the committed cells. The others serve the paths of a tree and are
/// brought up to date only when a tree needs them, so a step costs two cache operations per path in use and none for plain decoding.
/// </summary>
sealed class CacheSlot
{
    readonly LlamaContext _context;
    readonly int[] _sequences;  // [paths] sequence ids; 0 is the trunk
    readonly int[] _synced;     // [paths] committed positions the id already shares

    /// <summary>A slot that owns the ids from <paramref name="firstSequence"/> on, <paramref name="paths"/> of them.</summary>
    internal CacheSlot(LlamaContext context, int firstSequence, int paths)
    {
        _context = context;
        _sequences = [.. Enumerable.Range(firstSequence, paths)];
        _synced = new int[paths];
    }

    /// <summary>Committed tokens: the cells of the trunk are exactly positions 0 to this.</summary>
    internal int Length { get; private set; }

    /// <summary>Paths a tree may have.</summary>
    internal int PathLimit => _sequences.Length;

    /// <summary>The trunk's id, for prefill rows.</summary>
    internal ReadOnlySpan<int> Trunk => _sequences.AsSpan(0, 1);

    /// <summary>The ids of a tree's paths, each sharing all committed cells: llama.cpp wants coupled sequences to end at the same position.</summary>
    internal ReadOnlySpan<int> Paths(int count)
    {
        for (var path = 1; path < count; path++)
        {
            if (_synced[path] < Length) _context.ShareCells(_sequences[0], _sequences[path], _synced[path], Length);
            _synced[path] = Length;
        }
        return _sequences.AsSpan(0, count);
    }

    /// <summary>Takes over prefill rows that were decoded on the trunk.</summary>
    internal void Commit(int tokens) => Length += tokens;

    /// <summary>Keeps the cells from the root to <paramref name="accepted"/> and removes every other cell of the tree; the accepted path becomes the trunk.</summary>
    /// <param name="tree">The decoded tree.</param>
    /// <param name="layout">Its path numbers.</param>
    /// <param name="accepted">The deepest node whose token was emitted.</param>
    internal void Keep(TokenTree tree, TreeLayout layout, int accepted)
    {
        var winner = layout.FirstPath(accepted);
        for (var path = 0; path < layout.Paths; path++)
        {
            var last = accepted;    // deepest accepted node on this path
            while (!layout.Contains(last, path)) last = tree.Parent(last);
            var kept = Length + tree.Depth(last) + 1;
            // a path that ends at its last accepted node has no further cells to scan for
            if (Length + layout.Length(path) > kept) _context.RemoveCells(_sequences[path], kept);
            _synced[path] = kept;
        }
        (_sequences[0], _sequences[winner]) = (_sequences[winner], _sequences[0]);
        (_synced[0], _synced[winner]) = (_synced[winner], _synced[0]);
        Length = _synced[0];
    }

    /// <summary>Drops every cell after the first <paramref name="length"/> committed tokens, and whatever a failed or aborted step left.</summary>
    internal void Truncate(int length)
    {
        for (var path = 0; path < _sequences.Length; path++)
        {
            if (_context.LastPosition(_sequences[path]) >= length) _context.RemoveCells(_sequences[path], length);
            _synced[path] = Math.Min(_synced[path], length);
        }
        Length = length;
    }
}
