using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// The tokens that a grammar permits next. llama.cpp's own grammar sampler decides, at a cost for every token it is shown; it is shown those of the model's favourites that our own
/// machine permits, and where these are too few, the best of all that it permits. The outcome is that of showing it all.
/// </summary>
sealed class GrammarMask : IDisposable
{
    const int LeastShown = 16;      // tokens
    const int MostSorted = 1024;

    readonly LlamaSampler _sampler;
    readonly GrammarVocabulary _vocabulary;
    readonly GrammarProgress _progress;
    readonly List<int> _permitted = [];
    TokenData[] _candidates = new TokenData[MostSorted];
    float[] _logits = [];

    internal GrammarMask(LlamaModel model, GrammarConstraint constraint)
    {
        _vocabulary = GrammarVocabulary.Of(model.Vocabulary);
        _progress = new GrammarProgress(constraint, _vocabulary);
        _sampler = LlamaSampler.Create().Constrain(model, constraint);
    }

    /// <summary>Whether nothing may come any more.</summary>
    internal bool Ended => _progress.Ended;

    /// <summary>Permitted tokens with their logits: all, or the best of all.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="enough">How many of the best suffice.</param>
    /// <param name="sorted">Whether they are in descending order.</param>
    /// <exception cref="PpdGrammarException">There are none.</exception>
    internal Span<TokenData> Permitted(ReadOnlySpan<float> logits, int enough, out bool sorted)
    {
        sorted = enough <= MostSorted / 4;
        if (_progress.IsFree) logits = WithoutForbidden(logits);
        if (!sorted) return Checked(_progress.IsFree ? All(logits) : Possible(logits));
        var best = Shown(Favourites(logits, Math.Max(LeastShown, 2 * enough)));
        return best.Length >= enough ? best : Checked(_progress.IsFree ? All(logits) : BestOfAll(logits, enough));
    }

    /// <summary>Takes the token that was chosen.</summary>
    internal void Accept(int token)
    {
        // The end of a reply is no part of its text. llama.cpp would look for a trigger in the name of the token, and end the process at what follows.
        if (_vocabulary.Ends.Contains(token)) return;
        if (!_progress.TryAccept(token)) throw new PpdGrammarException($"Token {token} was chosen though the grammar forbids it. This is a bug; please report it with the grammar.");
        _sampler.Accept(token);
    }

    /// <inheritdoc/>
    public void Dispose() => _sampler.Dispose();

    Span<TokenData> Checked(int count)
    {
        var permitted = Shown(count);
        return permitted.Length > 0
            ? permitted
            : throw new PpdGrammarException("No token of the model's vocabulary is permitted by the grammar here. The grammar asks for characters that the model cannot write.");
    }

    // of the first candidates, those that llama.cpp permits, in the same order
    Span<TokenData> Shown(int count)
    {
        var candidates = _candidates.AsSpan(0, count);
        if (count == 0) return candidates;
        _sampler.Apply(candidates);
        return candidates[..Keep(candidates, candidate => !float.IsNegativeInfinity(candidate.Logit))];
    }

    // All these fill the candidates and return how many there are.

    int Favourites(ReadOnlySpan<float> logits, int count)
    {
        count = TokenSampler.Top(logits, _candidates.AsSpan(0, Math.Min(count, logits.Length)));
        return Keep(_candidates.AsSpan(0, count), candidate => _progress.IsFree ? !float.IsNegativeInfinity(candidate.Logit) : Fits(candidate.Id));
    }

    int BestOfAll(ReadOnlySpan<float> logits, int enough)
    {
        _permitted.Clear();
        _progress.Permitted(_permitted);
        var count = Fill(logits, _permitted);
        // as TokenSampler.Top: the earlier token first among equals
        _candidates.AsSpan(0, count).Sort((a, b) => b.Logit != a.Logit ? b.Logit.CompareTo(a.Logit) : a.Id.CompareTo(b.Id));
        return Math.Min(count, Math.Max(LeastShown, enough));
    }

    // tokens that may come as far as their first byte tells
    int Possible(ReadOnlySpan<float> logits)
    {
        _permitted.Clear();
        var inside = _progress.Position.Character.Partial;
        for (var first = 0; first < 256; first++)
        {
            if (!_progress.Begins((byte)first)) continue;
            // what goes on with a character is checked here, for llama.cpp takes bytes that make none
            foreach (var token in _vocabulary.BeginningWith((byte)first))
                if (!inside || _progress.Fits(token)) _permitted.Add(token);
        }
        foreach (var token in _progress.Spelled) _permitted.Add(token);
        if (_progress.Position.Complete) _permitted.AddRange(_vocabulary.Ends);
        _permitted.Sort();
        return Fill(logits, _permitted);
    }

    int All(ReadOnlySpan<float> logits)
    {
        _permitted.Clear();
        for (var token = 0; token < logits.Length; token++)
            if (!float.IsNegativeInfinity(logits[token])) _permitted.Add(token);
        return Fill(logits, _permitted);
    }

    int Fill(ReadOnlySpan<float> logits, List<int> tokens)
    {
        if (_candidates.Length < tokens.Count) _candidates = new TokenData[tokens.Count];
        for (var i = 0; i < tokens.Count; i++) _candidates[i] = new TokenData { Id = tokens[i], Logit = logits[tokens[i]] };
        return tokens.Count;
    }

    bool Fits(int token) => _vocabulary.Ends.Contains(token) ? _progress.Position.Complete : _progress.Fits(token);

    static int Keep(Span<TokenData> candidates, Predicate<TokenData> wanted)
    {
        var kept = 0;
        foreach (var candidate in candidates)
            if (wanted(candidate)) candidates[kept++] = candidate;
        return kept;
    }

    ReadOnlySpan<float> WithoutForbidden(ReadOnlySpan<float> logits)
    {
        var copied = false;
        foreach (var token in _progress.Forbidden())
        {
            if (!copied)
            {
                if (_logits.Length == 0) _logits = new float[logits.Length];
                logits.CopyTo(_logits);
                copied = true;
            }
            _logits[token] = float.NegativeInfinity;
        }
        return copied ? _logits : logits;
    }
}
