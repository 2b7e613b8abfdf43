namespace Ppd.Grammars;

/// <summary>A character of which some bytes are known; by default none. Only what can still become a valid character is taken.</summary>
record struct Utf8Character
{
    int _value, _remaining, _least;

    /// <summary>Whether bytes are missing.</summary>
    internal readonly bool Partial => _remaining > 0;

    /// <summary>The least code point it can become; the code point itself once it is complete.</summary>
    internal readonly int First => Math.Max(_value << (6 * _remaining), _least);

    /// <summary>The largest code point it can become.</summary>
    internal readonly int Last => Math.Min(((_value + 1) << (6 * _remaining)) - 1, CharSet.Last);

    /// <summary>Takes a byte; false if no valid character goes on or begins with it.</summary>
    internal bool Push(byte next)
    {
        if (Partial)
        {
            if ((next & 0xC0) != 0x80) return false;
            (_value, _remaining) = ((_value << 6) | (next & 0x3F), _remaining - 1);
        }
        else
        {
            (_value, _remaining, _least) = next switch
            {
                < 0x80 => (next, 0, 0),
                >= 0xC2 and < 0xE0 => (next & 0x1F, 1, 0x80),
                >= 0xE0 and < 0xF0 => (next & 0x0F, 2, 0x800),
                >= 0xF0 and < 0xF5 => (next & 0x07, 3, 0x10000),
                _ => (-1, 0, 0),
            };
        }
        // neither overlong nor half a surrogate pair
        return _value >= 0 && First <= Last && !(First >= 0xD800 && Last <= 0xDFFF);
    }
}
