using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// The tokens that a grammar permits next. The model's favourites are looked at first, one by one; only where the grammar forbids too many of them all that it permits are listed.
/// The outcome is that of listing them always.
/// </summary>
sealed class GrammarMask
{
    const int MostFavourites = 1024;

    readonly GrammarMachine _machine;
    GrammarPosition _position;
    TokenData[] _candidates = new TokenData[16];

    internal GrammarMask(LlamaModel model, GrammarConstraint constraint)
    {
        _machine = constraint.Machine(GrammarVocabulary.Of(model.Vocabulary));
        _position = _machine.Start;
        Forced = First();
    }

    /// <summary>The only token permitted, if that is known; else -1.</summary>
    internal int Forced { get; private set; }

    /// <summary>Whether nothing may come any more.</summary>
    internal bool Ended => _position.Ended;

    /// <summary>The permitted token with the largest logit, the earlier one of equals.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <exception cref="PpdGrammarException">There is none.</exception>
    internal int Best(ReadOnlySpan<float> logits)
    {
        var best = LogitRow.IndexOfMax(logits);
        if (_machine.Fits(_position, best)) return best;
        var permitted = Listed();
        best = permitted[0];
        foreach (var token in permitted)
            if (logits[token] > logits[best]) best = token;
        return best;
    }

    /// <summary>Permitted tokens with their logits: all in ascending order, or at least so many of the best.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="enough">How many of the best suffice.</param>
    /// <param name="sorted">Whether they are in descending order of their logits.</param>
    /// <exception cref="PpdGrammarException">There are none.</exception>
    internal Span<TokenData> Permitted(ReadOnlySpan<float> logits, int enough, out bool sorted)
    {
        sorted = 2 * enough <= MostFavourites;
        if (sorted && Favourites(logits, 2 * enough) is { Length: var found } favourites && found >= enough) return favourites;
        var permitted = Listed();
        var count = sorted ? Math.Min(enough, permitted.Length) : permitted.Length;
        Reserve(count);
        if (sorted) return _candidates.AsSpan(0, LogitRow.Top(logits, permitted, _candidates.AsSpan(0, count)));
        for (var i = 0; i < count; i++) _candidates[i] = new TokenData { Id = permitted[i], Logit = logits[permitted[i]] };
        return _candidates.AsSpan(0, count);
    }

    /// <summary>Takes the token that was chosen.</summary>
    internal void Accept(int token)
    {
        if (!_machine.TryAdvance(ref _position, token)) throw new PpdGrammarException($"Token {token} was chosen though the grammar forbids it. This is a bug; please report it with the grammar.");
        Forced = First();
    }

    int First() => _machine.Forced(_position) is [var only, ..] ? only : -1;

    Span<TokenData> Favourites(ReadOnlySpan<float> logits, int count)
    {
        count = Math.Min(count, logits.Length);
        Reserve(count);
        var kept = 0;
        foreach (var candidate in _candidates.AsSpan(0, LogitRow.Top(logits, _candidates.AsSpan(0, count))))
            if (_machine.Fits(_position, candidate.Id)) _candidates[kept++] = candidate;
        return _candidates.AsSpan(0, kept);
    }

    ReadOnlySpan<int> Listed()
    {
        var permitted = _machine.Permitted(_position);
        return permitted.Length > 0
            ? permitted
            : throw new PpdGrammarException("No token of the model's vocabulary is permitted by the grammar here. The grammar asks for characters that the model cannot write.");
    }

    void Reserve(int count)
    {
        if (_candidates.Length < count) _candidates = new TokenData[count];
    }
}
