using System.Text;

namespace Ppd.Grammars;

/// <summary>A text that a grammar forces, or one of the few it leaves.</summary>
/// <param name="Text">Its bytes, at least one.</param>
/// <param name="Share">Its probability where all alternatives are equally likely.</param>
/// <param name="Spellings">The text with what may follow it, one of each kind: that decides where its last token ends.</param>
readonly record struct Forced(byte[] Text, float Share, string[] Spellings);

/// <summary>
/// What a grammar forces after a state, and the tokens that the model's tokeniser makes of it. Worked out once for all requests under the grammar: tokenising takes longer than
/// all else that a guess needs.
/// </summary>
sealed class ForcedText(GrammarMachine machine)
{
    const int MostCharacters = 192;
    const int MostBranches = 8;
    const int MostKnown = 4096;

    // One of each kind of character stands for all of the kind.
    static readonly int[] Kinds = ['T', 'a', '1', '"', '-', '{', '[', ' ', '\\', 'é'];
    const int MostProbes = 2;

    readonly Dictionary<GrammarState, Forced[]> _ahead = [];
    readonly Dictionary<(uint Before, string Text), int[]> _tokens = [];
    readonly Dictionary<(GrammarState State, uint Before), int[]> _runs = [];
    readonly List<int> _buffer = [];

    /// <summary>The texts that must, or may, follow a state; empty where there is a free choice.</summary>
    internal Forced[] After(GrammarState state)
    {
        if (_ahead.TryGetValue(state, out var known)) return known;
        if (_ahead.Count >= MostKnown) _ahead.Clear();
        return _ahead[state] = [.. GrammarOutlook.From(machine.States, state, MostCharacters, MostBranches).Where(outlook => outlook.Text.Length > 0)
            .Select(outlook => new Forced(Encoding.UTF8.GetBytes(outlook.Text), outlook.Share, [.. Probes(outlook.End).Select(probe => outlook.Text + probe)]))];
    }

    /// <summary>
    /// The tokens that must follow a state one after the other: those that the tokeniser makes of every text that may follow, as far as no token goes on behind what all of these have in common,
    /// or is one that the tokeniser does not use. Empty where there is a choice at once.
    /// </summary>
    /// <param name="state">Between two characters.</param>
    /// <param name="before">The text before, as in <see cref="Tokens"/>.</param>
    internal int[] Run(GrammarState state, uint before)
    {
        var texts = After(state);
        if (texts.Length == 0) return [];
        if (_runs.TryGetValue((state, before), out var known)) return known;
        if (_runs.Count >= MostKnown) _runs.Clear();
        var agreed = Whole(before, texts[0], 0);
        foreach (var text in texts)
            for (var i = 0; i < text.Spellings.Length && agreed.Length > 0; i++) agreed = agreed[..agreed.CommonPrefixLength(Whole(before, text, i))];
        var (position, count, left) = (new GrammarPosition(state, default), 0, Common(texts));
        for (; count < agreed.Length && !IsChoice(position, left); count++)
        {
            left -= machine.Vocabulary.Text(agreed[count]).Length;
            if (!machine.TrySpell(ref position, agreed[count])) break;
        }
        return _runs[(state, before)] = [.. agreed[..count]];
    }

    // Where a token may go on behind the forced text, it is the model's choice whether it does: a spelling that is forced must not cut off what it would have written. So it is where a token fits that
    // the tokeniser does not use itself.
    bool IsChoice(GrammarPosition position, int left)
    {
        foreach (var token in machine.Spelled(position))
            if (machine.Vocabulary.Text(token).Length > left || !machine.Vocabulary.IsUsual(token)) return true;
        return false;
    }

    // bytes that all texts have in common
    static int Common(Forced[] texts)
    {
        var common = texts[0].Text.AsSpan();
        foreach (var text in texts) common = common[..common.CommonPrefixLength(text.Text)];
        return common.Length;
    }

    // the tokens that end with the forced text or before
    ReadOnlySpan<int> Whole(uint before, Forced forced, int spelling)
    {
        var tokens = Tokens(before, forced.Spellings[spelling]);
        var (count, left) = (0, forced.Text.Length);
        while (count < tokens.Length && (left -= machine.Vocabulary.Text(tokens[count]).Length) >= 0) count++;
        return tokens.AsSpan(0, count);
    }

    /// <summary>Tokens of a text behind another one; as if alone if a token would span both.</summary>
    /// <param name="before">The last four bytes of that, the latest lowest: a tokeniser looks no further back to decide where a token begins.</param>
    /// <param name="text">The text.</param>
    internal int[] Tokens(uint before, string text)
    {
        if (_tokens.TryGetValue((before, text), out var known)) return known;
        if (_tokens.Count >= MostKnown) _tokens.Clear();
        return _tokens[(before, text)] = Tokenize(Characters(before), text) ?? Tokenize("", text) ?? [];
    }

    // from the beginning of a character on
    static string Characters(uint bytes)
    {
        Span<byte> text = [(byte)(bytes >> 24), (byte)(bytes >> 16), (byte)(bytes >> 8), (byte)bytes];
        while (text is [0 or (>= 0x80 and < 0xC0), ..]) text = text[1..];
        return Encoding.UTF8.GetString(text);
    }

    string[] Probes(GrammarState end)
    {
        if (end.Ended) return [""];
        var next = end.Next(machine.States);
        string[] probes = next.Count <= MostProbes
            ? [.. next.Ranges.ToArray().SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Where(Rune.IsValid).Select(c => new Rune(c).ToString())]
            : [.. Kinds.Where(next.Contains).Take(MostProbes).Select(c => new Rune(c).ToString())];
        return probes.Length > 0 ? probes : [""];
    }

    // Null if a token spans both. The line break keeps a SentencePiece tokeniser from putting a space before the text.
    int[]? Tokenize(string before, string text)
    {
        _buffer.Clear();
        machine.Vocabulary.Tokenize($"\n{before}{text}", machine.SpellsControl, _buffer);
        var left = Encoding.UTF8.GetByteCount(text);
        var first = _buffer.Count;
        while (left > 0 && first > 0) left -= machine.Vocabulary.Text(_buffer[--first]).Length;
        return left == 0 ? [.. _buffer[first..]] : null;
    }
}
