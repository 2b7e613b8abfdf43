using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// The tokens that a grammar permits next. llama.cpp's own grammar sampler decides, at a cost for every token it is shown; it is shown those that begin with a byte that may come,
/// and of these the best first, as many as it takes. The outcome is that of showing it all.
/// </summary>
sealed class GrammarMask : IDisposable
{
    const int Shown = 256;      // tokens at first

    readonly LlamaSampler _sampler;
    readonly GrammarVocabulary _vocabulary;
    readonly GrammarProgress _progress;
    readonly float[] _logits;           // [vocabulary] of tokens that may come, the rest minus infinity
    readonly TokenData[] _candidates;   // [vocabulary]

    internal GrammarMask(LlamaModel model, GrammarConstraint constraint)
    {
        _vocabulary = GrammarVocabulary.Of(model.Vocabulary);
        _progress = new GrammarProgress(constraint, _vocabulary);
        _logits = new float[model.Vocabulary.Count];
        _candidates = new TokenData[model.Vocabulary.Count];
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
        var possible = _progress.IsFree ? Free(logits) : Possible(logits);
        sorted = enough <= Shown;
        if (sorted)
        {
            var best = Permitted(TokenSampler.Top(_logits, _candidates.AsSpan(0, Math.Min(Shown, _candidates.Length))));
            if (best.Length >= enough || (possible <= Shown && best.Length > 0)) return best;
        }
        sorted = false;
        var count = 0;
        for (var token = 0; token < _logits.Length; token++)
            if (!float.IsNegativeInfinity(_logits[token])) _candidates[count++] = new TokenData { Id = token, Logit = _logits[token] };
        var all = Permitted(count);
        return all.Length > 0 ? all : throw new PpdGrammarException("No token of the model's vocabulary is permitted by the grammar here. The grammar asks for characters that the model cannot write.");
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

    // of the candidates so far, those that llama.cpp permits, in the same order
    Span<TokenData> Permitted(int count)
    {
        var candidates = _candidates.AsSpan(0, count);
        while (count > 0 && float.IsNegativeInfinity(candidates[count - 1].Logit)) count--;
        candidates = candidates[..count];
        if (count == 0) return candidates;
        _sampler.Apply(candidates);
        var permitted = 0;
        foreach (var candidate in candidates)
            if (!float.IsNegativeInfinity(candidate.Logit)) candidates[permitted++] = candidate;
        return candidates[..permitted];
    }

    int Free(ReadOnlySpan<float> logits)
    {
        logits.CopyTo(_logits);
        foreach (var token in _progress.Forbidden()) _logits[token] = float.NegativeInfinity;
        return logits.Length;
    }

    // Returns how many tokens may come as far as their first character tells.
    int Possible(ReadOnlySpan<float> logits)
    {
        Array.Fill(_logits, float.NegativeInfinity);
        var (position, count) = (_progress.Position, 0);
        for (var first = 0; first < 256; first++)
        {
            var character = position.Character;
            if (!character.Push((byte)first) || !_progress.States.Allows(position.State, character.First, character.Last)) continue;
            foreach (var token in _vocabulary.BeginningWith((byte)first))
            {
                if (position.Character.Partial && !_progress.Fits(token)) continue;
                _logits[token] = logits[token];
                count++;
            }
        }
        foreach (var token in _progress.Spelled) Add(token, logits, ref count);
        if (position.Complete)
            foreach (var token in _vocabulary.Ends) Add(token, logits, ref count);
        return count;
    }

    void Add(int token, ReadOnlySpan<float> logits, ref int count)
    {
        _logits[token] = logits[token];
        count++;
    }
}
