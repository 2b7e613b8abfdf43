namespace Ppd.Grammars;

/// <summary>A set of Unicode code points, as ranges in ascending order that neither overlap nor touch.</summary>
sealed class CharSet
{
    internal const int Last = 0x10FFFF;

    readonly (int First, int Last)[] _ranges;

    CharSet((int First, int Last)[] ranges) => (_ranges, Count) = (ranges, ranges.Sum(range => range.Last - range.First + 1));

    /// <summary>Every code point.</summary>
    internal static CharSet All { get; } = Of([(0, Last)]);

    /// <summary>No code point.</summary>
    internal static CharSet Empty { get; } = new([]);

    /// <summary>The ranges, both ends included.</summary>
    internal ReadOnlySpan<(int First, int Last)> Ranges => _ranges;

    /// <summary>Code points in the set.</summary>
    internal int Count { get; }

    /// <summary>The set of these ranges, given in any order.</summary>
    internal static CharSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> merged = [];
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }
        return new CharSet([.. merged]);
    }

    /// <summary>The set of one code point.</summary>
    internal static CharSet One(int codePoint) => new([(codePoint, codePoint)]);

    /// <summary>All code points that are not in this set.</summary>
    internal CharSet Complement()
    {
        List<(int, int)> rest = [];
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) rest.Add((next, first - 1));
            next = last + 1;
        }
        if (next <= Last) rest.Add((next, Last));
        return Of(rest);
    }

    internal CharSet Intersect(CharSet other) => Of(
        from mine in _ranges
        from theirs in other._ranges
        let first = Math.Max(mine.First, theirs.First)
        let last = Math.Min(mine.Last, theirs.Last)
        where first <= last
        select (first, last));

    internal CharSet Except(CharSet other) => Intersect(other.Complement());

    internal bool Contains(int codePoint) => Overlaps(codePoint, codePoint);

    /// <summary>Whether the set has a code point from <paramref name="first"/> to <paramref name="last"/>.</summary>
    internal bool Overlaps(int first, int last)
    {
        foreach (var range in _ranges)
        {
            if (range.First > last) return false;
            if (range.Last >= first) return true;
        }
        return false;
    }
}
