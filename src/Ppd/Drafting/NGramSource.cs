using Ppd.Decoding;

namespace Ppd.Drafting;

/// <summary>
/// Prompt lookup: where the end of the text occurred before, what followed then is guessed to follow now. All matches vote, longer and more recent ones with more
/// weight, and their continuations merge into one tree whose probabilities are the shares of the votes.
/// </summary>
sealed class NGramSource : IDraftSource
{
    const int ShortKey = 2;             // tokens; the least match
    const int LongKey = 4;              // tokens; found separately so that frequent bigrams cannot hide it
    const int LongestMatch = 8;         // tokens; longer ones say no more
    const int MatchesPerKey = 16;       // most recent occurrences looked at
    const float Recency = 0.9f;         // weight of a match relative to the next more recent one
    const float Doubt = 2;              // votes for "none of these": one match of two tokens gets 0.32, of four 0.6
    const float DoubtPerVote = 0.15f;   // the best match gets 0.87: where text is copied more is learned soon, elsewhere a long chain of near certainties would be a dear mistake

    readonly List<int> _text = [];
    readonly Index _short = new(ShortKey);
    readonly Index _long = new(LongKey);
    readonly VoteTree _votes = new();

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            _text.Add(token);
            _short.Add(_text);
            _long.Add(_text);
        }
    }

    /// <inheritdoc/>
    public void Propose(TokenTree candidates, int maxDepth)
    {
        _votes.Clear();
        var weight = 1f;
        for (var (end, seen) = (_long.Latest(_text), 0); end >= 0 && seen < MatchesPerKey; end = _long.Before(end), seen++, weight *= Recency)
            Vote(end, MatchLength(end), weight, maxDepth);
        for (var (end, seen) = (_short.Latest(_text), 0); end >= 0 && seen < MatchesPerKey; end = _short.Before(end), seen++, weight *= Recency)
            if (MatchLength(end) is var length && length < LongKey) Vote(end, length, weight, maxDepth);
        _votes.AddTo(candidates, 0, Doubt, DraftKind.NGram, DoubtPerVote);
    }

    // tokens that the text up to and including position `end` shares with the end of the text
    int MatchLength(int end)
    {
        var length = 0;
        while (length < LongestMatch && length <= end && _text[end - length] == _text[^(length + 1)]) length++;
        return length;
    }

    void Vote(int end, int matchLength, float weight, int maxDepth)
    {
        if (matchLength < ShortKey) return;     // hash collision
        weight *= 1 << (matchLength - ShortKey);
        var node = VoteTree.Root;
        // a continuation stops where the text does: overlapping matches still vote for what is known
        for (var depth = 1; depth <= maxDepth && end + depth < _text.Count; depth++) node = _votes.Add(node, _text[end + depth], weight);
    }

    /// <summary>Earlier positions where the last n tokens occurred, most recent first.</summary>
    sealed class Index(int n)
    {
        readonly Dictionary<ulong, int> _latest = [];
        readonly List<int> _before = [];    // [positions] previous position with the same key, or -1

        internal void Add(List<int> text)
        {
            var position = text.Count - 1;
            var before = -1;
            if (text.Count >= n)
            {
                var key = Key(text);
                if (_latest.TryGetValue(key, out var latest)) before = latest;
                _latest[key] = position;
            }
            _before.Add(before);
        }

        internal int Latest(List<int> text) => text.Count < n ? -1 : _before[text.Count - 1];

        internal int Before(int position) => _before[position];

        ulong Key(List<int> text)
        {
            var key = 14695981039346656037UL;   // FNV-1a over whole tokens; MatchLength settles collisions
            for (var i = text.Count - n; i < text.Count; i++) key = (key ^ (uint)text[i]) * 1099511628211UL;
            return key;
        }
    }
}
