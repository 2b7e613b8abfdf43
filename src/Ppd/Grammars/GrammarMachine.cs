namespace Ppd.Grammars;

/// <summary>A place in a text under a grammar, between two tokens: they may part a character.</summary>
readonly record struct GrammarPosition(GrammarState State, Utf8Character Character)
{
    /// <summary>The last four bytes before, the latest lowest: how forced text is tokenised depends on them.</summary>
    internal uint Before { get; init; }

    /// <summary>Tokens of forced text that has been begun; null where none is.</summary>
    internal int[]? Run { get; init; }

    /// <summary>Of these, how many there are already.</summary>
    internal int Taken { get; init; }

    /// <summary>Whether the text may end here.</summary>
    internal bool Complete => State.Complete && !Character.Partial;

    /// <summary>Whether nothing may come any more.</summary>
    internal bool Ended => State.Ended && !Character.Partial;
}

/// <summary>
/// A grammar over the tokens of a model. Where a text has arrived is a function of its tokens alone, so any path of a tree can be followed from any place. What may follow a state
/// is worked out once and kept.
/// </summary>
/// <remarks>
/// Where the grammar leaves one text, there is still a choice among the tokens that spell it. It is taken from the model: the text is spelled as its tokeniser does it, which is how the model was
/// trained to read it, and what follows is known without asking the model at all.
/// </remarks>
sealed class GrammarMachine
{
    const int MostKept = 8_000_000;     // token ids, 32 MB
    const int MostStates = 50_000;

    readonly int[] _spelled;            // control tokens that may occur
    readonly Dictionary<GrammarState, int[]> _permitted = [];
    readonly ForcedText _forced;
    readonly List<int> _tokens = [];
    GrammarPosition[]? _path;
    int _kept;

    internal GrammarMachine(GrammarConstraint constraint, GrammarVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        _spelled = vocabulary.Spelled(constraint.Markers);
        States = new GrammarStates(constraint.Grammar);
        _forced = new ForcedText(this);
    }

    internal GrammarVocabulary Vocabulary { get; }

    internal GrammarStates States { get; }

    /// <summary>Before the first token.</summary>
    internal GrammarPosition Start => new(States.Start, default);

    /// <summary>Whether it holds as much as it may.</summary>
    internal bool IsFull => _kept > MostKept || States.Count > MostStates;

    /// <summary>The texts that must, or may, follow a state.</summary>
    internal ForcedText Texts => _forced;

    /// <summary>Whether the grammar spells control tokens.</summary>
    internal bool SpellsControl => _spelled.Length > 0;

    /// <summary>The position after a token; false if the grammar forbids it. A token that ends a reply is permitted where the text is complete, and leaves it as it is.</summary>
    internal bool TryAdvance(ref GrammarPosition position, int token)
    {
        var (run, taken) = (position.Run, position.Taken + 1);
        if (run == null) (run, taken) = (Run(position), 1);
        if (run.Length > 0 && run[taken - 1] != token) return false;
        if (!TrySpell(ref position, token)) return false;
        if (taken < run.Length) position = position with { Run = run, Taken = taken };
        return true;
    }

    /// <summary>The only tokens that may follow, one after the other; empty where there is a choice.</summary>
    internal ReadOnlySpan<int> Forced(GrammarPosition position) => position.Run is { } run ? run.AsSpan(position.Taken) : Run(position);

    int[] Run(GrammarPosition position) => position.Character.Partial ? [] : _forced.Run(position.State, position.Before);

    /// <summary>The position after a token that spells something the grammar permits, in whatever way.</summary>
    internal bool TrySpell(ref GrammarPosition position, int token)
    {
        if (Vocabulary.Ends.Contains(token)) return position.Complete;
        // within free text control tokens mean what they always do: nothing
        if (Vocabulary.IsControl(token) && !_spelled.Contains(token)) return position.State.IsFree;
        return TryAdvance(ref position, Vocabulary.Text(token));
    }

    /// <summary>Whether the grammar permits a token at a position.</summary>
    internal bool Fits(GrammarPosition position, int token) => TryAdvance(ref position, token);

    /// <summary>All tokens that the grammar permits at a position, in ascending order.</summary>
    internal ReadOnlySpan<int> Permitted(GrammarPosition position)
    {
        if (Forced(position) is { Length: > 0 } forced) return forced[..1];
        return Spelled(position);
    }

    /// <summary>All tokens that spell something the grammar permits, in whatever way, in ascending order.</summary>
    internal ReadOnlySpan<int> Spelled(GrammarPosition position)
    {
        if (!position.Character.Partial && _permitted.TryGetValue(position.State, out var known)) return known;
        _tokens.Clear();
        Collect(position);
        _tokens.Sort();
        int[] permitted = [.. _tokens];
        if (!position.Character.Partial && !IsFull)
        {
            _permitted[position.State] = permitted;
            _kept += permitted.Length;
        }
        return permitted;
    }

    // Tokens that begin alike are followed together as far as they do.
    void Collect(GrammarPosition position)
    {
        var path = _path ??= new GrammarPosition[Vocabulary.Longest + 1];      // [bytes taken]
        path[0] = position;
        for (var first = 0; first < 256; first++)
        {
            if (!Begins(position, (byte)first)) continue;
            var (candidates, shared) = (Vocabulary.BeginningWith((byte)first), Vocabulary.SharedBytes((byte)first));
            var dead = int.MaxValue;    // the byte that the grammar forbade in the token before
            for (var i = 0; i < candidates.Length; i++)
            {
                if (shared[i] > dead) continue;
                var text = Vocabulary.Text(candidates[i]);
                dead = int.MaxValue;
                for (var at = shared[i]; at < text.Length && dead == int.MaxValue; at++)
                {
                    path[at + 1] = path[at];
                    if (!TryAdvance(ref path[at + 1], text[at])) dead = at;
                }
                if (dead == int.MaxValue) _tokens.Add(candidates[i]);
            }
        }
        foreach (var token in Vocabulary.Control)
            if (TrySpell(position, token)) _tokens.Add(token);
        if (position.Complete) _tokens.AddRange(Vocabulary.Ends);
    }

    bool TrySpell(GrammarPosition position, int token) => TrySpell(ref position, token);

    bool Begins(GrammarPosition position, byte first)
    {
        var character = position.Character;
        return character.Push(first) && States.Allows(position.State, character.First, character.Last);
    }

    bool TryAdvance(ref GrammarPosition position, ReadOnlySpan<byte> text)
    {
        foreach (var next in text)
            if (!TryAdvance(ref position, next)) return false;
        return !text.IsEmpty;
    }

    bool TryAdvance(ref GrammarPosition position, byte next)
    {
        var (state, character) = (position.State, position.Character);
        if (!character.Push(next)) return false;
        if (!character.Partial)
        {
            if (States.After(state, character.First) is not { } after) return false;
            (state, character) = (after, default);
        }
        else if (!States.Allows(state, character.First, character.Last)) return false;
        position = new GrammarPosition(state, character) { Before = (position.Before << 8) | next };
        return true;
    }
}
