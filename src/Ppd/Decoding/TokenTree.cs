using Ppd.Drafting;

namespace Ppd.Decoding;

/// <summary>
/// A tree of tokens: node 0 is the root, a token already emitted but not yet decoded; every other node guesses the token after its parent.
/// Drafts fill one with candidates, the plan copies what is worth its rows into another and hangs chains of prompt tokens under its nodes. Parents come before
/// their children.
/// </summary>
sealed class TokenTree
{
    const int None = -1;

    int[] _tokens = new int[16];
    int[] _parents = new int[16];
    int[] _firstChildren = new int[16];
    int[] _nextSiblings = new int[16];
    int[] _depths = new int[16];
    float[] _priors = new float[16];
    float[] _reach = new float[16];
    DraftKind[] _kinds = new DraftKind[16];
    int[] _prompts = new int[16];
    bool[] _ends = new bool[16];
    bool[] _certain = new bool[16];
    readonly List<(float, int)> _children = [];

    /// <summary>Nodes, the root included.</summary>
    internal int Count { get; private set; }

    /// <summary>Token of a node.</summary>
    internal int Token(int node) => _tokens[node];

    /// <summary>Parent of a node; -1 for the root.</summary>
    internal int Parent(int node) => _parents[node];

    /// <summary>Edges from the root.</summary>
    internal int Depth(int node) => _depths[node];

    /// <summary>Probability that the guess is right if its parent is, as its source gave it.</summary>
    internal float Prior(int node) => _priors[node];

    /// <summary>Which source guessed it.</summary>
    internal DraftKind Kind(int node) => _kinds[node];

    /// <summary>Estimated probability that the node is reached: the product of the conditional probabilities on its path.</summary>
    internal float Reach(int node) => _reach[node];

    /// <summary>Replaces the estimate; parents first.</summary>
    internal void SetReach(int node, float reach) => _reach[node] = reach;

    /// <summary>Whether nothing else may follow the parent.</summary>
    internal bool IsCertain(int node) => _certain[node];

    /// <summary>Tells that nothing but a node may follow its parent.</summary>
    internal void MarkCertain(int node)
    {
        if (_certain[node]) return;
        _certain[node] = true;
        Decided++;
    }

    /// <summary>Whether it is known what follows a node: the model need not be asked.</summary>
    internal bool IsDecided(int node) => _firstChildren[node] is var child and not None && _certain[child];

    /// <summary>Nodes for which that is so.</summary>
    internal int Decided { get; private set; }

    /// <summary>Whether the reply ends with the guess: nothing is gained by decoding it, and nothing comes after it.</summary>
    internal bool Ends(int node) => _ends[node];

    /// <summary>Tells that the reply ends with a guess.</summary>
    internal void MarkEnd(int node) => _ends[node] = true;

    /// <summary>Finds the guesses that end a reply whatever its text is.</summary>
    internal void MarkEnds(Func<int, bool> endsGeneration)
    {
        for (var node = 1; node < Count; node++) _ends[node] |= endsGeneration(_tokens[node]);
    }

    /// <summary>Estimated probability that the reply ends right behind a node, as far as that was guessed.</summary>
    internal float Ending(int node)
    {
        var ending = 0f;
        for (var child = _firstChildren[node]; child != None; child = _nextSiblings[child])
            if (_ends[child]) ending += _reach[child];
        return ending;
    }

    /// <summary>Prompt tokens that hang in a chain under the node, to guess what follows if it is the last one accepted.</summary>
    internal int Prompts(int node) => _prompts[node];

    /// <summary>Guesses less likely to be reached than this need not be proposed: no plan would take them.</summary>
    internal float LeastReach { get; set; }

    /// <summary>Prompt tokens under all nodes.</summary>
    internal int PromptCount { get; private set; }

    /// <summary>First child in insertion order, or -1.</summary>
    internal int FirstChild(int node) => _firstChildren[node];

    /// <summary>Next child of the same parent, or -1.</summary>
    internal int NextSibling(int node) => _nextSiblings[node];

    /// <summary>Makes this the one-node tree of plain decoding.</summary>
    internal void Reset(int rootToken)
    {
        Count = 0;
        PromptCount = 0;
        Decided = 0;
        Append(rootToken, None, depth: 0, prior: 1, reach: 1, DraftKind.Other);
    }

    /// <summary>Child of <paramref name="parent"/> with this token, or -1.</summary>
    internal int Find(int parent, int token)
    {
        var child = _firstChildren[parent];
        while (child != None && _tokens[child] != token) child = _nextSiblings[child];
        return child;
    }

    /// <summary>
    /// Adds a guess for the token after <paramref name="parent"/>, with its probability given that the parent is right, or raises an existing guess to it. Returns the node.
    /// </summary>
    internal int Add(int parent, int token, float probability, DraftKind kind = DraftKind.Other)
    {
        var reach = _reach[parent] * probability;
        var child = Find(parent, token);
        if (child != None)
        {
            if (_kinds[child] != kind) _kinds[child] = DraftKind.Several;
            _priors[child] = Math.Max(_priors[child], probability);
            _reach[child] = Math.Max(_reach[child], reach);
            return child;
        }
        child = Append(token, parent, _depths[parent] + 1, probability, reach, kind);
        Link(child);
        return child;
    }

    /// <summary>
    /// Lowers what several sources claim for one place until it sums to no more than 1: only one guess can be right, and the surest is believed first. Estimates follow from it anew.
    /// </summary>
    internal void Reconcile()
    {
        for (var parent = 0; parent < Count; parent++)
        {
            var sum = 0f;
            for (var child = _firstChildren[parent]; child != None; child = _nextSiblings[child]) sum += _priors[child];
            if (sum > 1) Reconcile(parent);
        }
    }

    void Reconcile(int parent)
    {
        _children.Clear();
        for (var child = _firstChildren[parent]; child != None; child = _nextSiblings[child]) _children.Add((-_priors[child], child));
        _children.Sort();
        var left = 1f;
        foreach (var (_, child) in _children)
        {
            _priors[child] = Math.Min(_priors[child], left);
            left -= _priors[child];
        }
    }

    // makes a node the last child of its parent
    void Link(int child)
    {
        var parent = _parents[child];
        if (_firstChildren[parent] == None)
        {
            _firstChildren[parent] = child;
            return;
        }
        var last = _firstChildren[parent];
        while (_nextSiblings[last] != None) last = _nextSiblings[last];
        _nextSiblings[last] = child;
    }

    /// <summary>Removes the nodes that are not kept, before anything hangs under them; the children of a removed node must be removed too.</summary>
    /// <param name="keep">[count]</param>
    internal void Keep(ReadOnlySpan<bool> keep)
    {
        Span<int> places = Count <= 256 ? stackalloc int[Count] : new int[Count];
        var kept = 0;
        for (var node = 0; node < Count; node++)
        {
            if (!keep[node]) continue;
            var place = places[node] = kept++;
            (_tokens[place], _depths[place], _priors[place], _reach[place], _kinds[place], _ends[place]) = (_tokens[node], _depths[node], _priors[node], _reach[node], _kinds[node], _ends[node]);
            _firstChildren[place] = _nextSiblings[place] = None;
            if (node == 0) continue;
            _parents[place] = places[_parents[node]];
            Link(place);
        }
        Count = kept;
    }

    /// <summary>Hangs a chain of prompt tokens under a node that has none.</summary>
    internal void AddPrompts(int node, int count)
    {
        _prompts[node] = count;
        PromptCount += count;
    }

    int Append(int token, int parent, int depth, float prior, float reach, DraftKind kind)
    {
        if (Count == _tokens.Length) Grow();
        var node = Count++;
        _tokens[node] = token;
        _parents[node] = parent;
        _firstChildren[node] = None;
        _nextSiblings[node] = None;
        _depths[node] = depth;
        _priors[node] = prior;
        _reach[node] = reach;
        _kinds[node] = kind;
        _prompts[node] = 0;
        _ends[node] = _certain[node] = false;
        return node;
    }

    void Grow()
    {
        var size = 2 * _tokens.Length;
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _parents, size);
        Array.Resize(ref _firstChildren, size);
        Array.Resize(ref _nextSiblings, size);
        Array.Resize(ref _depths, size);
        Array.Resize(ref _priors, size);
        Array.Resize(ref _reach, size);
        Array.Resize(ref _kinds, size);
        Array.Resize(ref _prompts, size);
        Array.Resize(ref _ends, size);
        Array.Resize(ref _certain, size);
    }
}
