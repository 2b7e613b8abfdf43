namespace Ppd.Planning;

/// <summary>
/// Whether drafting has paid for a request: time that its rows added to steps against time that its accepted guesses saved. A request that loses stops guessing for
/// a while, longer each time in a row.
/// </summary>
sealed class DraftBalance
{
    const int Judged = 24;              // steps with guesses before the first judgement
    const double Memory = 48;           // steps
    const double Tolerated = 0.03;      // loss, as a part of plain decoding's time
    const int ShortestPause = 96;       // steps
    const int LongestPause = 1536;

    double _saved, _spent, _plain;
    int _steps, _pause, _nextPause = ShortestPause;
    bool _drafts = true;

    /// <summary>Whether this step should carry guesses or prompt tokens; to be asked once per step.</summary>
    internal bool AllowsDrafts()
    {
        _drafts = _pause == 0;
        if (!_drafts) _pause--;
        return _drafts;
    }

    /// <summary>Counts a step; during a pause nothing is to be learned.</summary>
    /// <param name="plain">Milliseconds of the request's part in a step of plain decoding.</param>
    /// <param name="spent">Milliseconds that its further rows added.</param>
    /// <param name="accepted">Guesses that were right.</param>
    internal void Observe(double plain, double spent, int accepted)
    {
        const double Keep = 1 - (1 / Memory);
        if (!_drafts) return;
        (_plain, _spent, _saved) = ((_plain * Keep) + (plain * (1 + accepted)), (_spent * Keep) + spent, (_saved * Keep) + (plain * accepted));
        if (spent > 0) _steps++;
        if (_steps < Judged) return;
        if (_spent <= _saved + (Tolerated * _plain))
        {
            _nextPause = ShortestPause;
            return;
        }
        (_pause, _nextPause) = (_nextPause, Math.Min(2 * _nextPause, LongestPause));
        (_saved, _spent, _plain, _steps) = (0, 0, 0, 0);
    }
}
