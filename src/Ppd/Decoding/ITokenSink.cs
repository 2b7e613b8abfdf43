namespace Ppd.Decoding;

/// <summary>Receives what a request generates, on the engine's loop thread: implementations must be quick and hand work on.</summary>
interface ITokenSink
{
    /// <summary>Takes the tokens one step emitted, without end-of-generation tokens.</summary>
    /// <param name="tokens">At least one token.</param>
    /// <param name="kept">How many of them belong to the reply: all, unless it ends here.</param>
    /// <returns>Whether the reply goes on; false ends it after the kept tokens (a stop string).</returns>
    bool Accept(ReadOnlySpan<int> tokens, out int kept);

    /// <summary>The reply is complete; called once, unless <see cref="Fail"/> is.</summary>
    void Complete(GenerationResult result);

    /// <summary>The request ended without a result: cancelled, refused by the engine or broken.</summary>
    void Fail(Exception error);
}
