namespace Ppd.Training.Demo.Vocabulary;

/// <summary>Learns byte-pair merges: again and again the most frequent pair of neighbours inside words becomes one token.</summary>
static class BytePairs
{
    /// <summary>Up to <paramref name="count"/> merges, best first; ties go to the pair that comes first in ordinal order.</summary>
    /// <param name="words">Words in <see cref="ByteAlphabet"/> letters, and how often each occurs.</param>
    /// <param name="count">Merges wanted; fewer come back when no pair occurs twice.</param>
    public static List<(string Left, string Right)> Learn(IReadOnlyDictionary<string, int> words, int count)
    {
        var parts = words.Select(word => (Symbols: word.Key.Select(letter => letter.ToString()).ToList(), Count: word.Value)).ToArray();
        List<(string, string)> merges = [];
        while (merges.Count < count)
        {
            var pairs = new Dictionary<(string Left, string Right), int>();
            foreach (var (symbols, occurrences) in parts)
                for (var i = 1; i < symbols.Count; i++)
                    pairs[(symbols[i - 1], symbols[i])] = pairs.GetValueOrDefault((symbols[i - 1], symbols[i])) + occurrences;
            var best = pairs.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Left, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Right, StringComparer.Ordinal).FirstOrDefault();
            if (best.Value < 2) break;
            merges.Add(best.Key);
            foreach (var (symbols, _) in parts) Merge(symbols, best.Key.Left, best.Key.Right);
        }
        return merges;
    }

    /// <summary>Joins every occurrence of the pair, left to right.</summary>
    public static void Merge(List<string> symbols, string left, string right)
    {
        for (var i = 1; i < symbols.Count; i++)
        {
            if (symbols[i - 1] != left || symbols[i] != right) continue;
            symbols[i - 1] = left + right;
            symbols.RemoveAt(i);
        }
    }
}
