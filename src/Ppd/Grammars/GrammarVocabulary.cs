using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Ppd.Native;

namespace Ppd.Grammars;

/// <summary>The tokens of a model as texts that a grammar may allow, by their first byte. Tokens that are no text, or never part of a valid one, are left out.</summary>
sealed class GrammarVocabulary
{
    static readonly ConditionalWeakTable<LlamaVocabulary, GrammarVocabulary> Known = [];

    readonly LlamaVocabulary _vocabulary;
    readonly int[][] _tokens;                               // [256] by first byte, in the order of their bytes
    readonly int[][] _shared;                               // [256] bytes that a token begins with like the one before it
    readonly Dictionary<int, byte[]> _control = [];         // texts of tokens that are silent in a reply

    readonly ConcurrentDictionary<int, bool> _usual = [];

    GrammarVocabulary(LlamaVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        foreach (var special in vocabulary.SpecialTokens)
            if (vocabulary.Piece(special.Id).IsEmpty) _control[special.Id] = Encoding.UTF8.GetBytes(special.Text);
        var tokens = new List<int>[256];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = [];
        List<int> ends = [];
        for (var token = 0; token < vocabulary.Count; token++)
        {
            var piece = vocabulary.Piece(token);
            if (vocabulary.EndsGeneration(token)) ends.Add(token);
            else if (!piece.IsEmpty && IsText(piece)) tokens[piece[0]].Add(token);
        }
        _tokens = [.. tokens.Select(list => list.ToArray())];
        _shared = new int[256][];
        for (var first = 0; first < 256; first++)
        {
            Array.Sort(_tokens[first], (a, b) => vocabulary.Piece(a).SequenceCompareTo(vocabulary.Piece(b)));
            _shared[first] = [.. _tokens[first].Select((token, i) => i == 0 ? 0 : vocabulary.Piece(token).CommonPrefixLength(vocabulary.Piece(_tokens[first][i - 1])))];
            foreach (var token in _tokens[first]) Longest = Math.Max(Longest, vocabulary.Piece(token).Length);
        }
        Ends = [.. ends];
        Control = [.. _control.Keys.Where(token => !vocabulary.EndsGeneration(token))];
    }

    /// <summary>That of a model; made once, which reads every token.</summary>
    internal static GrammarVocabulary Of(LlamaVocabulary vocabulary) => Known.GetValue(vocabulary, static v => new GrammarVocabulary(v));

    /// <summary>Tokens that end a reply.</summary>
    internal int[] Ends { get; }

    /// <summary>Tokens whose text begins with a byte, in the order of their bytes.</summary>
    internal int[] BeginningWith(byte first) => _tokens[first];

    /// <summary>For each of these, with how many bytes it begins like the one before it.</summary>
    internal int[] SharedBytes(byte first) => _shared[first];

    /// <summary>Bytes of the longest token.</summary>
    internal int Longest { get; }

    /// <summary>Tokens that are silent in a reply and do not end it.</summary>
    internal int[] Control { get; }

    /// <summary>Text of a token as a grammar sees it: that of a control token too.</summary>
    internal ReadOnlySpan<byte> Text(int token) => _control.TryGetValue(token, out var text) ? text : _vocabulary.Piece(token);

    /// <summary>Appends the tokens that the model's tokeniser makes of a text.</summary>
    internal void Tokenize(string text, bool parseSpecial, List<int> tokens) => _vocabulary.Tokenize(text, parseSpecial, tokens);

    /// <summary>
    /// Whether the tokeniser writes a token where it finds its text, as nearly all are. How a model uses others, it alone knows. Single bytes and parts of characters count as usual: they are for what
    /// has no other spelling.
    /// </summary>
    internal bool IsUsual(int token) => _usual.GetOrAdd(token, IsWritten);

    // alone, or behind a line break, which keeps a SentencePiece tokeniser from putting a space before it
    bool IsWritten(int token)
    {
        var piece = Text(token);
        if (piece.Length == 1 || IsControl(token)) return true;
        var text = Encoding.UTF8.GetString(piece);
        if (text.Contains(Rune.ReplacementChar.ToString(), StringComparison.Ordinal)) return true;
        List<int> alone = [], behind = [];
        Tokenize(text, parseSpecial: false, alone);
        Tokenize($"\n{text}", parseSpecial: false, behind);
        return (alone.Count == 1 && alone[0] == token) || behind[^1] == token;
    }

    /// <summary>Whether a token is silent in a reply.</summary>
    internal bool IsControl(int token) => _control.ContainsKey(token);

    /// <summary>Control tokens whose whole text is part of one of the markers.</summary>
    internal int[] Spelled(IReadOnlyList<string> markers) =>
        [.. _vocabulary.SpecialTokens.Where(special => IsControl(special.Id) && !_vocabulary.EndsGeneration(special.Id) &&
            markers.Any(marker => marker.Contains(special.Text, StringComparison.Ordinal))).Select(special => special.Id)];

    // bytes that end a character, whole characters, the beginning of one
    static bool IsText(ReadOnlySpan<byte> piece)
    {
        var start = 0;
        while (start < piece.Length && start < 3 && (piece[start] & 0xC0) == 0x80) start++;
        var character = default(Utf8Character);
        foreach (var next in piece[start..])
            if (next == 0 || !character.Push(next)) return false;
        return true;
    }
}
