using Ppd.Native;

namespace Ppd.Decoding;

/// <summary>
/// Draws tokens for one request through llama.cpp's sampler chain, one random number per emitted token. The chain is fed only the candidates that can survive it
/// where that is exact: all others are decided here, cheaper, with the same outcome.
/// </summary>
sealed class TokenSampler : IDisposable
{
    const int MostPreselected = 256;    // beyond that llama.cpp's own partial sort is as fast

    readonly LlamaSampler? _chain;      // null: plain argmax
    readonly TokenData[] _candidates;
    readonly bool _preselect;
    readonly GrammarMask? _grammar;

    internal TokenSampler(LlamaModel model, SamplingSettings settings)
    {
        if (settings.Grammar != null) _grammar = new GrammarMask(model, settings.Grammar);
        if (settings.IsGreedy && !settings.HasPenalties)
        {
            _candidates = [];
            return;
        }
        var topK = settings.IsGreedy ? 1 : settings.TopK;
        // Penalties touch at most the window's tokens. If they only lower logits, every token among the k best afterwards was among the k + window best before.
        var enough = Math.Min(topK, model.Vocabulary.Count) + (settings.HasPenalties ? SamplingSettings.PenaltyWindow : 0);
        _preselect = topK > 0 && (!settings.HasPenalties || settings.PenaltiesOnlyLower) && enough <= MostPreselected;
        _candidates = new TokenData[_preselect ? Math.Min(enough, model.Vocabulary.Count) : model.Vocabulary.Count];
        _chain = Chain(model, settings);
    }

    static LlamaSampler Chain(LlamaModel model, SamplingSettings settings)
    {
        var chain = LlamaSampler.Create();
        if (settings.HasPenalties)
            chain.Penalties(model, SamplingSettings.PenaltyWindow, settings.RepeatPenalty, settings.FrequencyPenalty, settings.PresencePenalty);
        if (settings.IsGreedy) return chain.Greedy();
        if (settings.TopK > 0) chain.TopK(settings.TopK);
        if (settings.TopP < 1) chain.TopP(settings.TopP);
        if (settings.MinP > 0) chain.MinP(settings.MinP);
        return chain.Temperature(settings.Temperature).Draw(settings.Seed);
    }

    /// <summary>Whether the next token depends on the model: not where a grammar leaves only one.</summary>
    internal bool NeedsLogits => _grammar is not { Forced: >= 0 };

    /// <summary>Draws the next token from a row of logits [vocabulary], empty where none are needed, and remembers it. Where it is forced no random number is drawn.</summary>
    /// <exception cref="PpdException">The logits are not numbers: the model's weights are broken.</exception>
    internal int Sample(ReadOnlySpan<float> logits)
    {
        if (_grammar != null) return SampleConstrained(logits);
        if (_chain == null)
        {
            var best = LogitRow.IndexOfMax(logits);
            return best < 0 ? throw NotANumber() : best;
        }
        var count = _preselect ? LogitRow.Top(logits, _candidates) : All(logits, _candidates);
        if (count == 0) throw NotANumber();
        var token = _chain.Choose(_candidates.AsSpan(0, count), sorted: _preselect);
        _chain.Accept(token);
        return token;
    }

    int SampleConstrained(ReadOnlySpan<float> logits)
    {
        var token = _grammar!.Forced >= 0 ? _grammar.Forced : Choose(logits);
        _grammar.Accept(token);
        _chain?.Accept(token);
        return token;
    }

    int Choose(ReadOnlySpan<float> logits)
    {
        if (float.IsNaN(LogitRow.Max(logits))) throw NotANumber();
        // the chain wants as many of the best as without a grammar
        return _chain == null ? _grammar!.Best(logits) : _chain.Choose(_grammar!.Permitted(logits, _preselect ? _candidates.Length : logits.Length, out var sorted), sorted);
    }

    /// <summary>Whether a grammar leaves nothing to add to the reply.</summary>
    internal bool Ended => _grammar?.Ended == true;

    /// <summary>Lets the penalties see the end of the prompt, as llama.cpp's own programs do.</summary>
    internal void AcceptPrompt(ReadOnlySpan<int> prompt)
    {
        if (_chain == null) return;
        foreach (var token in prompt[Math.Max(0, prompt.Length - SamplingSettings.PenaltyWindow)..]) _chain.Accept(token);
    }

    /// <inheritdoc/>
    public void Dispose() => _chain?.Dispose();

    static int All(ReadOnlySpan<float> logits, Span<TokenData> all)
    {
        for (var token = 0; token < logits.Length; token++) all[token] = new TokenData { Id = token, Logit = logits[token] };
        return float.IsNaN(LogitRow.Max(logits)) ? 0 : logits.Length;
    }

    static PpdException NotANumber() =>
        new("The model produced logits that are not numbers. Its weights are broken (NaN or infinity in the file), or a quantisation overflowed; try another file of the model.");
}
