namespace Ppd.Templates.Values;

/// <summary>
/// A string that knows for every character whether it is the caller's input. Compares and hashes by text alone. Positions are UTF-16 units
/// except in the members that say code points, Python's unit.
/// </summary>
sealed class MarkedString : IEquatable<MarkedString>
{
    // Ends of the runs of equal origin, in UTF-16 units. Runs alternate in origin, so one flag tells the origin of all. Null: a single run.
    readonly int[]? _ends;
    readonly bool _firstIsInput;

    // Where each code point starts, then the length. Made on first use; NoSurrogates when both units agree.
    int[]? _codePointStarts;
    static readonly int[] NoSurrogates = [];

    MarkedString(string text, int[]? ends, bool firstIsInput, bool isMarkup)
    {
        Text = text;
        _ends = ends;
        _firstIsInput = firstIsInput;
        IsMarkup = isMarkup;
    }

    public static MarkedString Empty { get; } = new("", null, false, false);

    public string Text { get; }

    /// <summary>
    /// Whether this is HTML, as the filters <c>safe</c> and <c>escape</c> declare. Jinja2 escapes plain strings that are added to such a one,
    /// even in a prompt; templates written with it were trained on that.
    /// </summary>
    public bool IsMarkup { get; }

    public int Length => Text.Length;

    public int CodePointCount => CodePointStarts.Length == 0 ? Text.Length : CodePointStarts.Length - 1;

    int[] CodePointStarts => _codePointStarts ??= FindCodePoints(Text);

    public int RunCount => _ends?.Length ?? (Text.Length == 0 ? 0 : 1);

    public static MarkedString Trusted(string text) => text.Length == 0 ? Empty : new(text, null, false, false);

    public static MarkedString Input(string text) => text.Length == 0 ? Empty : new(text, null, true, false);

    internal static MarkedString FromRuns(string text, IReadOnlyList<int> ends, bool firstIsInput) =>
        text.Length == 0 ? Empty : new(text, ends.Count > 1 ? [.. ends] : null, firstIsInput, false);

    public (int Start, int Length, bool IsInput) Run(int index)
    {
        if (_ends is null)
            return (0, Text.Length, _firstIsInput);
        var start = index == 0 ? 0 : _ends[index - 1];
        return (start, _ends[index] - start, _firstIsInput ^ (index & 1) == 1);
    }

    public int RunIndexAt(int position)
    {
        if (_ends is null)
            return 0;
        var found = Array.BinarySearch(_ends, position + 1);
        return found < 0 ? ~found : found;
    }

    public MarkedString Slice(int start, int length)
    {
        if (length == 0)
            return Empty;
        if (length == Text.Length)
            return this;
        var first = RunIndexAt(start);
        var last = RunIndexAt(start + length - 1);
        var text = Text.Substring(start, length);
        var firstIsInput = Run(first).IsInput;
        if (first == last)
            return new(text, null, firstIsInput, IsMarkup);
        var ends = new int[last - first + 1];
        for (var i = first; i <= last; i++)
            ends[i - first] = Math.Min(_ends![i] - start, length);
        return new(text, ends, firstIsInput, IsMarkup);
    }

    public MarkedString Slice(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(Text.Length);
        return Slice(start, length);
    }

    /// <summary>The same marks over other text of the same length, for one-to-one character mappings.</summary>
    public MarkedString WithText(string text) => new(text, _ends, _firstIsInput, IsMarkup);

    public MarkedString AsMarkup(bool isMarkup = true) => isMarkup == IsMarkup ? this : new(Text, _ends, _firstIsInput, isMarkup);

    public IReadOnlyList<TextSegment> ToSegments()
    {
        var segments = new TextSegment[RunCount];
        for (var i = 0; i < segments.Length; i++)
        {
            var (start, length, isInput) = Run(i);
            segments[i] = new TextSegment(Text.Substring(start, length), isInput);
        }
        return segments;
    }

    /// <summary>The UTF-16 position of a code point; <paramref name="codePoint"/> may equal the count.</summary>
    public int OffsetOfCodePoint(int codePoint) => CodePointStarts.Length == 0 ? codePoint : CodePointStarts[codePoint];

    /// <summary>The code point that starts at, or contains, a UTF-16 position.</summary>
    public int CodePointAtOffset(int offset)
    {
        if (CodePointStarts.Length == 0)
            return offset;
        var found = Array.BinarySearch(CodePointStarts, offset);
        return found < 0 ? ~found - 1 : found;
    }

    public bool Equals(MarkedString? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as MarkedString);

    public override int GetHashCode() => Text.GetHashCode();

    public override string ToString() => Text;

    static int[] FindCodePoints(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0)
            return NoSurrogates;
        var starts = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            starts.Add(i);
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
        }
        starts.Add(text.Length);
        return [.. starts];
    }
}
