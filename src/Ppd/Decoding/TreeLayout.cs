namespace Ppd.Decoding;

/// <summary>
/// Turns a token tree into batch rows. A cache cell is visible to a row iff it carries the row's first sequence id at a position not later, so every
/// root-to-leaf path gets an id and a node carries the ids of all paths through it. A chain of prompt tokens is a path of its own, one for each ensemble member, and
/// a leaf shares the paths of its chain. Paths are numbered depth first, hence the ids of a node are one range.
/// </summary>
/// <param name="ensemble">Rows per prompt token (algorithm.md 1).</param>
sealed class TreeLayout(int ensemble)
{
    const int MostUsualPaths = 8;     // each has to be told of the tokens that are kept

    int[] _rows = new int[16];        // [nodes] index in the batch
    int[] _chainRows = new int[16];   // [nodes] index of the first prompt row under the node
    int[] _firstPath = new int[16];   // [nodes] first path through the node; the paths of its chain come first
    int[] _pathEnd = new int[16];     // [nodes] one past the last path through the node
    int[] _stack = new int[16];
    int[] _lengths = new int[16];     // [paths] positions from the root to the end of the path

    /// <summary>Paths from the root to a leaf or to the end of a chain.</summary>
    internal int Paths { get; private set; }

    /// <summary>Row of a node in the batch.</summary>
    internal int Row(int node) => _rows[node];

    /// <summary>Row of ensemble member <paramref name="j"/> of the <paramref name="i"/>-th prompt token under a node.</summary>
    internal int PromptRow(int node, int i, int j) => _chainRows[node] + (i * ensemble) + j;

    /// <summary>First path through a node.</summary>
    internal int FirstPath(int node) => _firstPath[node];

    /// <summary>Whether a path leads through a node.</summary>
    internal bool Contains(int node, int path) => path >= _firstPath[node] && path < _pathEnd[node];

    /// <summary>Positions from the root to the end of a path, prompt tokens included.</summary>
    internal int Length(int path) => _lengths[path];

    /// <summary>
    /// Paths that steps of so many rows have at least: llama.cpp builds its compute graph anew when the number of sequences changes, so trees of one size are to have one number where that is easy.
    /// </summary>
    internal static int UsualPaths(int rows) => Math.Min((rows + 1) / 2, MostUsualPaths);

    /// <summary>Numbers the paths of a tree. Paths that end at the root make up for what it has too few.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="available">Paths there may be.</param>
    internal void Number(TokenTree tree, int available)
    {
        if (_rows.Length < tree.Count)
        {
            var size = 2 * tree.Count;
            (_rows, _chainRows, _firstPath, _pathEnd, _stack) = (new int[size], new int[size], new int[size], new int[size], new int[size]);
        }
        // Depth first; children are pushed unordered, which only decides which leaf gets which number.
        Paths = 0;
        var pending = 0;
        _stack[pending++] = 0;
        while (pending > 0)
        {
            var node = _stack[--pending];
            _firstPath[node] = Paths;
            var ending = tree.Prompts(node) > 0 ? ensemble : tree.FirstChild(node) < 0 ? 1 : 0;
            for (; ending > 0; ending--) AddPath(tree.Depth(node) + 1 + tree.Prompts(node));
            _pathEnd[node] = Paths;
            for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child)) _stack[pending++] = child;
        }
        // A subtree's paths are consecutive: a node's range ends where the last of its children's ends.
        for (var node = tree.Count - 1; node > 0; node--) _pathEnd[tree.Parent(node)] = Math.Max(_pathEnd[tree.Parent(node)], _pathEnd[node]);
        for (var missing = Math.Min(UsualPaths(tree.Count + (tree.PromptCount * ensemble)), available) - Paths; missing > 0; missing--) AddPath(1);
        _pathEnd[0] = Paths;
    }

    void AddPath(int length)
    {
        if (Paths == _lengths.Length) Array.Resize(ref _lengths, 2 * Paths);
        _lengths[Paths++] = length;
    }

    /// <summary>Appends the rows of a numbered tree, root at <paramref name="position"/>, with logits but where it is known what follows. <paramref name="sequences"/> holds the id of each path.</summary>
    internal void AddRows(TokenTree tree, int position, ReadOnlySpan<int> sequences, StepBatch batch)
    {
        for (var node = 0; node < tree.Count; node++)
            _rows[node] = batch.AddWord(tree.Token(node), position + tree.Depth(node), sequences[_firstPath[node].._pathEnd[node]], wantsLogits: !tree.IsDecided(node));
        for (var node = 0; node < tree.Count; node++)
        {
            for (var i = 0; i < tree.Prompts(node); i++)
                for (var j = 0; j < ensemble; j++)
                {
                    var row = batch.AddPrompt(i, j, tree.Token(node), position + tree.Depth(node) + 1 + i, sequences.Slice(_firstPath[node] + j, 1));
                    if (i == 0 && j == 0) _chainRows[node] = row;
                }
        }
    }
}
