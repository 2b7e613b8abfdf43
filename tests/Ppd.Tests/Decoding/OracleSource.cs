using Ppd.Decoding;
using Ppd.Drafting;

namespace Ppd.Tests.Decoding;

/// <summary>
/// Proposes the continuation it was told, with wrong siblings at every level and wrong subtrees below them, so that trees branch and every accept length occurs.
/// </summary>
sealed class OracleSource(int[] text, int vocabulary, int seed) : IDraftSource
{
    readonly Random _random = new(seed);
    int _observed;

    public void Observe(ReadOnlySpan<int> tokens) => _observed += tokens.Length;

    public void Propose(TokenTree candidates, int maxDepth)
    {
        var truth = 0;
        var right = _random.Next(maxDepth + 1);     // levels that are guessed right
        for (var depth = 0; depth < maxDepth; depth++)
        {
            var next = _observed + depth;
            var siblings = _random.Next(1, 4);
            var wrong = 0;
            for (var i = 0; i < siblings; i++) wrong = candidates.Add(truth, _random.Next(vocabulary), 0.5f);
            if (_random.Next(2) == 0) candidates.Add(wrong, _random.Next(vocabulary), 0.5f);
            truth = depth < right && next < text.Length ? candidates.Add(truth, text[next], 0.9f) : wrong;
        }
    }
}
