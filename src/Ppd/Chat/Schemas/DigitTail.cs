using Ppd.Grammars;

namespace Ppd.Chat.Schemas;

/// <summary>Digits that may follow, at least one if any: alternatives, and whether none need follow.</summary>
readonly record struct DigitTail(IReadOnlyList<string> Tails, bool MayBeEmpty)
{
    static readonly DigitTail None = new([], false);

    /// <summary>Digits behind a point that are not less than others.</summary>
    /// <param name="digits">The others, without zeros at the end.</param>
    /// <param name="excluded">Whether they must be more.</param>
    /// <param name="left">Most digits.</param>
    internal static DigitTail AtLeast(string digits, bool excluded, int left)
    {
        if (digits.Length == 0 && !excluded) return new(Any(left), true);
        if (left == 0) return None;
        if (digits.Length == 0) return new([.. From('1', left), .. After('0', AtLeast("", true, left - 1))], false);
        return new([.. digits[0] < '9' ? From((char)(digits[0] + 1), left) : [], .. After(digits[0], AtLeast(digits[1..], excluded, left - 1))], false);
    }

    /// <summary>Digits behind a point that are not more than others.</summary>
    /// <param name="digits">The others, without zeros at the end.</param>
    /// <param name="excluded">Whether they must be less.</param>
    /// <param name="left">Most digits.</param>
    internal static DigitTail AtMost(string digits, bool excluded, int left)
    {
        if (digits.Length == 0) return excluded ? None : new(left == 0 ? [] : [$"\"0\"{{1,{left}}}"], true);
        if (left == 0) return new([], true);
        return new([.. digits[0] > '0' ? Range('0', (char)(digits[0] - 1), left) : [], .. After(digits[0], AtMost(digits[1..], excluded, left - 1))], true);
    }

    /// <summary>Digits behind a point between others.</summary>
    internal static DigitTail Between(string least, bool leastExcluded, string most, bool mostExcluded, int left)
    {
        if (least.Length == 0 && !leastExcluded) return AtMost(most, mostExcluded, left);
        if (left == 0 || most.Length == 0) return None;
        var (low, high, rest) = (least.Length == 0 ? '0' : least[0], most[0], least.Length == 0 ? "" : least[1..]);
        if (low > high) return None;
        if (low == high) return new(After(low, Between(rest, leastExcluded, most[1..], mostExcluded, left - 1)), false);
        var between = high - low > 1 ? Range((char)(low + 1), (char)(high - 1), left) : [];
        return new([.. After(low, AtLeast(rest, leastExcluded, left - 1)), .. between, .. After(high, AtMost(most[1..], mostExcluded, left - 1))], false);
    }

    static string[] Any(int left) => left == 0 ? [] : [$"[0-9]{{1,{left}}}"];

    static string[] From(char first, int left) => Range(first, '9', left);

    static string[] Range(char first, char last, int left) => [left > 1 ? $"{Gbnf.Set(CharSet.Of([(first, last)]))} [0-9]{{0,{left - 1}}}" : Gbnf.Set(CharSet.Of([(first, last)]))];

    static string[] After(char digit, DigitTail tail) => [.. tail.MayBeEmpty ? new[] { $"\"{digit}\"" } : [], .. tail.Tails.Select(rest => $"\"{digit}\" {rest}")];
}
