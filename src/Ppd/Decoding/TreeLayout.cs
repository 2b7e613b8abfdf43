using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// Turns a token tree into batch rows. A cache cell is visible to a row iff it carries the row's first sequence id at a position not later, so every
/// root-to-leaf path gets an id and a node carries the ids of all paths through it. Leaves are numbered depth first, hence these ids are one range per node.
/// </summary>
sealed class TreeLayout
{
    int[] _rows = new int[16];        // [nodes] index in the batch
    int[] _firstPath = new int[16];   // [nodes] first path through the node
    int[] _pathEnd = new int[16];     // [nodes] one past the last path through the node
    int[] _stack = new int[16];

    /// <summary>Root-to-leaf paths of the tree.</summary>
    internal int Paths { get; private set; }

    /// <summary>Row of a node in the batch.</summary>
    internal int Row(int node) => _rows[node];

    /// <summary>First path through a node.</summary>
    internal int FirstPath(int node) => _firstPath[node];

    /// <summary>Whether a path leads through a node.</summary>
    internal bool Contains(int node, int path) => path >= _firstPath[node] && path < _pathEnd[node];

    /// <summary>Numbers the paths of a tree.</summary>
    internal void Number(TokenTree tree)
    {
        if (_rows.Length < tree.Count)
        {
            var size = 2 * tree.Count;
            (_rows, _firstPath, _pathEnd, _stack) = (new int[size], new int[size], new int[size], new int[size]);
        }
        // Depth first; children are pushed unordered, which only decides which leaf gets which number.
        Paths = 0;
        var pending = 0;
        _stack[pending++] = 0;
        while (pending > 0)
        {
            var node = _stack[--pending];
            _firstPath[node] = Paths;
            _pathEnd[node] = 0;
            if (tree.FirstChild(node) < 0) Paths++;
            for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child)) _stack[pending++] = child;
        }
        // A subtree's paths are consecutive: a node's range ends where the last of its children's ends.
        for (var node = tree.Count - 1; node >= 0; node--)
        {
            if (tree.FirstChild(node) < 0) _pathEnd[node] = _firstPath[node] + 1;
            if (tree.Parent(node) is var parent and >= 0) _pathEnd[parent] = Math.Max(_pathEnd[parent], _pathEnd[node]);
        }
    }

    /// <summary>Appends the rows of a numbered tree, root at <paramref name="position"/>, all with logits. <paramref name="sequences"/> holds the id of each path.</summary>
    internal void AddRows(TokenTree tree, int position, ReadOnlySpan<int> sequences, LlamaBatch batch)
    {
        for (var node = 0; node < tree.Count; node++)
            _rows[node] = batch.AddToken(tree.Token(node), position + tree.Depth(node), sequences[_firstPath[node].._pathEnd[node]], wantsLogits: true);
    }
}
