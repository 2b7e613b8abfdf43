namespace Ppd.Grammars;

/// <summary>Where in a grammar a text has arrived: every way in which it can be matched so far.</summary>
sealed class GrammarState(int[] stacks, bool complete, bool free = false)
{
    CharSet? _next;
    GrammarState?[]? _afterAscii;
    Dictionary<int, GrammarState>? _after;

    /// <summary>Stacks of <see cref="GrammarStates"/> whose top is a character to come.</summary>
    internal int[] Stacks => stacks;

    /// <summary>Whether the text may end here.</summary>
    internal bool Complete => complete;

    /// <summary>Whether one of the ways goes through free text: see <see cref="Grammar.IsFree"/>.</summary>
    internal bool IsFree => free;

    /// <summary>What stands for the state after a character that the grammar forbids.</summary>
    internal static GrammarState Dead { get; } = new([], complete: false);

    /// <summary>The state after one character more as far as it has been asked for, <see cref="Dead"/> included.</summary>
    internal GrammarState? Known(int codePoint) => codePoint < 128 ? _afterAscii?[codePoint] : _after?.GetValueOrDefault(codePoint);

    /// <summary>Keeps the state after one character more.</summary>
    internal void Learn(int codePoint, GrammarState after)
    {
        if (codePoint < 128) (_afterAscii ??= new GrammarState?[128])[codePoint] = after;
        else (_after ??= [])[codePoint] = after;
    }

    /// <summary>The characters that may come next.</summary>
    internal CharSet Next(GrammarStates states) => _next ??= states.Next(this);

    /// <summary>Whether nothing but the end may come.</summary>
    internal bool Ended => Complete && Stacks.Length == 0;
}

/// <summary>
/// The pushdown machine of a grammar: what may follow a text is known at every character. llama.cpp has the same machine inside its grammar sampler, but does not show it.
/// Stacks are shared lists, so a step costs as many cells as there are ways to go on.
/// </summary>
sealed class GrammarStates
{
    const int MostStacks = 2000;
    const int Bottom = -1;

    readonly Grammar _grammar;
    readonly List<(int Position, int Below)> _cells = [];
    readonly Dictionary<(int Position, int Below), int> _numbers = [];
    readonly HashSet<(int Position, int Below)> _seen = [];
    readonly Stack<(int Position, int Below)> _open = new();
    readonly List<int> _stacks = [];
    readonly Dictionary<GrammarState, GrammarState> _states = new(SameStacks.Instance);
    bool _complete;

    internal GrammarStates(Grammar grammar)
    {
        _grammar = grammar;
        foreach (var alternative in grammar.Alternatives(grammar.Root)) Expand(alternative, Bottom);
        Start = State();
    }

    /// <summary>States that have been found so far.</summary>
    internal int Count => _states.Count;

    /// <summary>Before the first character.</summary>
    internal GrammarState Start { get; }

    /// <summary>After one character more; null if the grammar forbids it.</summary>
    /// <exception cref="PpdGrammarException">There are too many ways to go on.</exception>
    internal GrammarState? After(GrammarState state, int codePoint)
    {
        if (state.Known(codePoint) is not { } after)
        {
            after = Step(state, codePoint) ?? GrammarState.Dead;
            state.Learn(codePoint, after);
        }
        return after == GrammarState.Dead ? null : after;
    }

    GrammarState? Step(GrammarState state, int codePoint)
    {
        foreach (var stack in state.Stacks)
        {
            var (position, below) = _cells[stack];
            if (Characters(position).Contains(codePoint)) Expand(position + 1, below);
        }
        return _stacks.Count == 0 && !_complete ? null : State();
    }

    /// <summary>After more characters; null if the grammar forbids one of them.</summary>
    internal GrammarState? After(GrammarState? state, string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (state == null) break;
            state = After(state, rune.Value);
        }
        return state;
    }

    /// <summary>Whether a whole text matches.</summary>
    internal bool Matches(string text) => After(Start, text) is { Complete: true };

    internal CharSet Next(GrammarState state) => state.Stacks.Length == 1
        ? Characters(_cells[state.Stacks[0]].Position)
        : CharSet.Of(state.Stacks.SelectMany(stack => Characters(_cells[stack].Position).Ranges.ToArray()));

    /// <summary>Whether a character from <paramref name="first"/> to <paramref name="last"/> may come next.</summary>
    internal bool Allows(GrammarState state, int first, int last)
    {
        foreach (var stack in state.Stacks)
            if (Characters(_cells[stack].Position).Overlaps(first, last)) return true;
        return false;
    }

    CharSet Characters(int position) => _grammar.Set(_grammar.At(position).Index);

    // Collects the stacks on which a character is to come, from an element on.
    void Expand(int position, int below)
    {
        _open.Push((position, below));
        while (_open.TryPop(out var next))
        {
            if (!_seen.Add(next)) continue;
            (position, below) = next;
            var element = _grammar.At(position);
            if (element.Kind == ElementKind.Char) _stacks.Add(Number(position, below));
            else if (element.Kind == ElementKind.Rule)
            {
                // a reference at the end needs no way back
                var back = _grammar.At(position + 1).Kind == ElementKind.End ? below : Number(position + 1, below);
                foreach (var alternative in _grammar.Alternatives(element.Index)) _open.Push((alternative, back));
            }
            else if (below == Bottom) _complete = true;
            else _open.Push(_cells[below]);
        }
    }

    int Number(int position, int below)
    {
        if (_numbers.TryGetValue((position, below), out var number)) return number;
        _cells.Add((position, below));
        return _numbers[(position, below)] = _cells.Count - 1;
    }

    GrammarState State()
    {
        var (count, state) = (_stacks.Count, new GrammarState([.. _stacks], _complete, _stacks.Exists(stack => _grammar.IsFree(_cells[stack].Position))));
        _stacks.Clear();
        _seen.Clear();
        _complete = false;
        // what is known of a state serves wherever it comes back
        if (_states.TryGetValue(state, out var known)) return known;
        return count <= MostStacks
            ? _states[state] = state
            : throw new PpdGrammarException($"The grammar is too ambiguous: a text can be matched in {count} ways, and {MostStacks} are followed. Let alternatives differ earlier.");
    }

    sealed class SameStacks : IEqualityComparer<GrammarState>
    {
        internal static readonly SameStacks Instance = new();

        public bool Equals(GrammarState? x, GrammarState? y) => x!.Complete == y!.Complete && x.Stacks.AsSpan().SequenceEqual(y.Stacks);

        public int GetHashCode(GrammarState state)
        {
            var hash = new HashCode();
            foreach (var stack in state.Stacks) hash.Add(stack);
            return hash.ToHashCode();
        }
    }
}
