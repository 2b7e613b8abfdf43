using System.Runtime.CompilerServices;
using System.Text;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>A text that a grammar forces, or one of the few it leaves.</summary>
/// <param name="Bytes">Its length, more than 0.</param>
/// <param name="Share">Its probability where all alternatives are equally likely.</param>
/// <param name="Spellings">The text with what may follow it, one of each kind: that decides where its last token ends.</param>
readonly record struct Forced(int Bytes, float Share, string[] Spellings);

/// <summary>
/// What a grammar forces after a state, and the tokens that the model's tokeniser makes of it. Worked out once for all requests under the grammar: tokenising takes longer than
/// all else that a guess needs. Only the engine's loop may use it.
/// </summary>
sealed class ForcedText
{
    const int MostCharacters = 192;
    const int MostBranches = 8;
    const int MostKnown = 4096;
    const int MostBefore = 4;           // characters: a tokeniser looks no further back to decide where a token begins

    // One of each kind of character stands for all of the kind.
    static readonly int[] Kinds = ['T', 'a', '1', '"', '-', '{', '[', ' ', '\\', 'é'];
    const int MostProbes = 2;

    static readonly ConditionalWeakTable<GrammarMachine, ForcedText> Known = [];

    readonly GrammarMachine _machine;
    readonly LlamaVocabulary _vocabulary;
    readonly Dictionary<GrammarState, Forced[]> _ahead = [];
    readonly Dictionary<(string Before, string Text), int[]> _tokens = [];
    readonly List<int> _buffer = [];

    ForcedText(GrammarMachine machine, LlamaVocabulary vocabulary) => (_machine, _vocabulary) = (machine, vocabulary);

    /// <summary>That of a machine; there is one.</summary>
    internal static ForcedText Of(GrammarMachine machine, LlamaVocabulary vocabulary) => Known.GetValue(machine, key => new ForcedText(key, vocabulary));

    /// <summary>The texts that must, or may, follow a state; empty where there is a free choice.</summary>
    internal Forced[] After(GrammarState state)
    {
        if (_ahead.TryGetValue(state, out var known)) return known;
        if (_ahead.Count >= MostKnown) _ahead.Clear();
        return _ahead[state] = [.. GrammarOutlook.From(_machine.States, state, MostCharacters, MostBranches).Where(outlook => outlook.Text.Length > 0)
            .Select(outlook => new Forced(Encoding.UTF8.GetByteCount(outlook.Text), outlook.Share, [.. Probes(outlook.End).Select(probe => outlook.Text + probe)]))];
    }

    /// <summary>Tokens of a text behind another one; as if alone if a token would span both.</summary>
    internal int[] Tokens(string before, string text)
    {
        if (before.Length > MostBefore) before = before[^MostBefore..];
        if (_tokens.TryGetValue((before, text), out var known)) return known;
        if (_tokens.Count >= MostKnown) _tokens.Clear();
        return _tokens[(before, text)] = Tokenize(before, text) ?? Tokenize("", text) ?? [];
    }

    string[] Probes(GrammarState end)
    {
        if (end.Ended) return [""];
        var next = end.Next(_machine.States);
        string[] probes = next.Count <= MostProbes
            ? [.. next.Ranges.ToArray().SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Where(Rune.IsValid).Select(c => new Rune(c).ToString())]
            : [.. Kinds.Where(next.Contains).Take(MostProbes).Select(c => new Rune(c).ToString())];
        return probes.Length > 0 ? probes : [""];
    }

    // Null if a token spans both. The line break keeps a SentencePiece tokeniser from putting a space before the text.
    int[]? Tokenize(string before, string text)
    {
        _buffer.Clear();
        _vocabulary.Tokenize($"\n{before}{text}", _machine.SpellsControl, _buffer);
        var left = Encoding.UTF8.GetByteCount(text);
        var first = _buffer.Count;
        while (left > 0 && first > 0) left -= _machine.Vocabulary.Text(_buffer[--first]).Length;
        return left == 0 ? [.. _buffer[first..]] : null;
    }
}
