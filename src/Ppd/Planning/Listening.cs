namespace Ppd.Planning;

/// <summary>
/// When prompt tokens should be decoded though they do not seem to pay: what is not looked at is never found to have become worth it. One clock for all requests, for most replies are
/// shorter than the time between two looks.
/// </summary>
sealed class Listening
{
    const int First = 12;           // steps
    const int Rarest = 384;
    const float Share = 0.01f;      // of the time, at most
    const float Worthwhile = 0.5f;  // tokens

    int _steps;
    float _every = First;

    /// <summary>Counts a step of a request; whether its root should carry a whole chain.</summary>
    /// <param name="heard">Whether it had guesses of prompt tokens.</param>
    /// <param name="value">What a whole chain is worth, in tokens.</param>
    /// <param name="cost">What it adds to a step, in steps of plain decoding.</param>
    internal bool IsDue(bool heard, float value, float cost)
    {
        _steps = heard ? 0 : _steps + 1;
        if (heard && value > Worthwhile) _every = First;
        var wait = Math.Max(_every, cost / Share);
        if (_steps < wait) return false;
        (_steps, _every) = (0, Math.Min(2 * wait, Rarest));
        return true;
    }
}
