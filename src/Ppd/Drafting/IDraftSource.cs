using Ppd.Decoding;

namespace Ppd.Drafting;

/// <summary>Guesses the next tokens of one request. Wrong guesses cost time, never correctness.</summary>
interface IDraftSource
{
    /// <summary>Whether its guesses hold before the first token of the reply is drawn, so that they can be decoded together with the prompt.</summary>
    bool KnowsBeginnings => false;

    /// <summary>Tells the source that tokens joined the text: first the whole prompt, then what each step emitted.</summary>
    void Observe(ReadOnlySpan<int> tokens);

    /// <summary>Adds guesses below the root of <paramref name="candidates"/>, which is the last observed token.</summary>
    /// <param name="candidates">The tree all sources of the request share; nodes of others may be there already.</param>
    /// <param name="maxDepth">Deepest useful guess: what the token limit and the context leave room for.</param>
    void Propose(TokenTree candidates, int maxDepth);
}
