using System.Text;

namespace Ppd.Grammars;

/// <summary>A place in a text under a grammar, between two tokens: they may part a character.</summary>
readonly record struct GrammarPosition(GrammarState State, Utf8Character Character)
{
    /// <summary>Whether the text may end here.</summary>
    internal bool Complete => State.Complete && !Character.Partial;
}

/// <summary>How far the reply of one request has come under its grammar, token by token.</summary>
sealed class GrammarProgress
{
    readonly GrammarVocabulary _vocabulary;
    readonly byte[][] _triggers;
    readonly int[] _spelled;            // control tokens that may occur
    readonly List<byte> _free = [];     // the text before a trigger
    GrammarPosition[]? _path;

    internal GrammarProgress(GrammarConstraint constraint, GrammarVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _triggers = [.. constraint.Triggers.Select(Encoding.UTF8.GetBytes)];
        _spelled = vocabulary.Spelled(constraint.Markers);
        States = new GrammarStates(constraint.Grammar);
        Position = new GrammarPosition(States.Start, default);
        IsFree = _triggers.Length > 0;
    }

    internal GrammarStates States { get; }

    /// <summary>Whether no trigger has occurred yet: anything may come.</summary>
    internal bool IsFree { get; private set; }

    /// <summary>Where the reply is, once it is not free.</summary>
    internal GrammarPosition Position { get; private set; }

    /// <summary>Whether nothing may come any more.</summary>
    internal bool Ended => !IsFree && Position.State.Ended && !Position.Character.Partial;

    /// <summary>Control tokens that the grammar may spell.</summary>
    internal ReadOnlySpan<int> Spelled => _spelled;

    /// <summary>The position after a token; false if the grammar forbids it. Tokens that end a reply are not part of its text.</summary>
    internal bool TryAdvance(ref GrammarPosition position, int token) =>
        (!_vocabulary.IsControl(token) || _spelled.Contains(token)) && TryAdvance(ref position, _vocabulary.Text(token));

    /// <summary>Adds every token that the grammar permits now; tokens that begin alike are followed together as far as they do.</summary>
    internal void Permitted(List<int> tokens)
    {
        var path = _path ??= new GrammarPosition[_vocabulary.Longest + 1];     // [bytes taken]
        path[0] = Position;
        for (var first = 0; first < 256; first++)
        {
            if (!Begins((byte)first)) continue;
            var (candidates, shared) = (_vocabulary.BeginningWith((byte)first), _vocabulary.SharedBytes((byte)first));
            var dead = int.MaxValue;    // the byte that the grammar forbade in the token before
            for (var i = 0; i < candidates.Length; i++)
            {
                if (shared[i] > dead) continue;
                var text = _vocabulary.Text(candidates[i]);
                dead = int.MaxValue;
                for (var at = shared[i]; at < text.Length && dead == int.MaxValue; at++)
                {
                    path[at + 1] = path[at];
                    if (!TryAdvance(ref path[at + 1], text[at])) dead = at;
                }
                if (dead == int.MaxValue) tokens.Add(candidates[i]);
            }
        }
        foreach (var token in _spelled)
            if (Fits(token)) tokens.Add(token);
        if (Position.Complete) tokens.AddRange(_vocabulary.Ends);
    }

    /// <summary>Whether a text that begins with a byte may come.</summary>
    internal bool Begins(byte first)
    {
        var character = Position.Character;
        return character.Push(first) && States.Allows(Position.State, character.First, character.Last);
    }

    /// <summary>Whether the grammar permits a token now.</summary>
    internal bool Fits(int token)
    {
        var position = Position;
        return TryAdvance(ref position, token);
    }

    /// <summary>Takes the next token of the reply; false if the grammar forbids it.</summary>
    internal bool TryAccept(int token)
    {
        if (IsFree) return TryAcceptFree(token);
        var position = Position;
        if (!TryAdvance(ref position, token)) return false;
        Position = position;
        return true;
    }

    /// <summary>While the reply is free: the tokens that complete a trigger and go on with what the grammar forbids.</summary>
    internal IEnumerable<int> Forbidden()
    {
        foreach (var trigger in _triggers)
            for (var known = 0; known < trigger.Length; known++)
            {
                if (!EndsWith(trigger.AsSpan(0, known))) continue;
                foreach (var token in Completing(trigger, known))
                    if (!Survives(token)) yield return token;
            }
    }

    // tokens that go on with the rest of a trigger; where nothing of it is known, those that contain it
    IEnumerable<int> Completing(byte[] trigger, int known)
    {
        var tokens = known > 0 ? _vocabulary.BeginningWith(trigger[known]).Concat(_vocabulary.Control) : _vocabulary.Containing(trigger);
        return tokens.Where(token => known == 0 || _vocabulary.Text(token).StartsWith(trigger.AsSpan(known)));
    }

    bool Survives(int token)
    {
        var (length, survives) = (_free.Count, TryAcceptFree(token));
        (IsFree, Position) = (true, new GrammarPosition(States.Start, default));
        _free.RemoveRange(length, _free.Count - length);
        return survives;
    }

    bool TryAcceptFree(int token)
    {
        var before = _free.Count;
        _free.AddRange(_vocabulary.Text(token));
        var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_free);
        foreach (var trigger in _triggers)
        {
            var start = Math.Max(0, before - trigger.Length + 1);
            if (text[start..].IndexOf(trigger) is var found && found < 0) continue;
            start += found;
            var position = Position;
            if (!TryAdvance(ref position, text[start..])) return false;
            (IsFree, Position) = (false, position);
            return true;
        }
        return true;
    }

    bool EndsWith(ReadOnlySpan<byte> end) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_free).EndsWith(end);

    bool TryAdvance(ref GrammarPosition position, ReadOnlySpan<byte> text)
    {
        foreach (var next in text)
            if (!TryAdvance(ref position, next)) return false;
        return !text.IsEmpty;
    }

    bool TryAdvance(ref GrammarPosition position, byte next)
    {
        var (state, character) = position;
        if (!character.Push(next)) return false;
        if (!character.Partial)
        {
            if (States.After(state, character.First) is not { } after) return false;
            (state, character) = (after, default);
        }
        else if (!States.Allows(state, character.First, character.Last)) return false;
        position = new GrammarPosition(state, character);
        return true;
    }
}
