using System.Collections.Concurrent;
using Ppd.Templates;

namespace Ppd.Training.Demo.Vocabulary;

/// <summary>The demo model's tokens: special tokens, bytes, then merges. Encodes as llama.cpp does with model <c>gpt2</c>, pre-tokeniser <c>qwen2</c>.</summary>
sealed class DemoVocabulary
{
    public const string TurnStart = "<|im_start|>";
    public const string TurnEnd = "<|im_end|>";
    public const string TextEnd = "<|endoftext|>";

    // Control tokens never show in a reply; the marks of a tool call must, so that a reader of the reply finds them.
    static readonly string[] Control = [TextEnd, TurnStart, TurnEnd];
    static readonly string[] UserDefined = ["<tool_call>", "</tool_call>", "<tools>", "</tools>", "<tool_response>", "</tool_response>"];

    readonly Dictionary<string, int> _ids = [];
    readonly Dictionary<(string Left, string Right), int> _ranks = [];
    readonly ConcurrentDictionary<string, int[]> _words = [];   // split words that were seen before; windows are read on several threads

    public DemoVocabulary(IReadOnlyList<(string Left, string Right)> merges)
    {
        Merges = merges;
        List<string> tokens = [.. Control, .. UserDefined];
        foreach (var letter in ByteAlphabet.All) tokens.Add(letter.ToString());
        foreach (var (left, right) in merges)
        {
            _ranks.Add((left, right), _ranks.Count);
            tokens.Add(left + right);
        }
        Tokens = tokens;
        for (var id = 0; id < tokens.Count; id++) _ids[tokens[id]] = id;
    }

    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>llama.cpp's token types: 1 normal, 3 control, 4 user-defined.</summary>
    public int[] Types => [.. Tokens.Select((_, id) => id < Control.Length ? 3 : id < Control.Length + UserDefined.Length ? 4 : 1)];

    public int this[string token] => _ids[token];

    /// <summary>Learns merges from conversations until there are <paramref name="size"/> tokens.</summary>
    public static DemoVocabulary Learn(IEnumerable<RenderedText> texts, int size)
    {
        var words = new Dictionary<string, int>();
        foreach (var (text, special) in texts.SelectMany(text => Pieces(text.Segments)))
        {
            if (special) continue;
            foreach (var word in Qwen2Splitter.Split(text))
            {
                var letters = ByteAlphabet.Encode(word);
                words[letters] = words.GetValueOrDefault(letters) + 1;
            }
        }
        return new DemoVocabulary(BytePairs.Learn(words, size - Control.Length - UserDefined.Length - 256));
    }

    /// <summary>Tokens of a rendered prompt: special tokens in what the template wrote, plain text everywhere else.</summary>
    public List<int> Encode(IReadOnlyList<TextSegment> segments)
    {
        List<int> ids = [];
        foreach (var (text, special) in Pieces(segments))
        {
            if (special) ids.Add(_ids[text]);
            else ids.AddRange(Encode(text));
        }
        return ids;
    }

    /// <summary>Tokens of plain text.</summary>
    public IEnumerable<int> Encode(string text) => Qwen2Splitter.Split(text).SelectMany(EncodeWord);

    int[] EncodeWord(string word)
    {
        if (_words.TryGetValue(word, out var known)) return known;
        List<string> symbols = [.. ByteAlphabet.Encode(word).Select(letter => letter.ToString())];
        while (symbols.Count > 1)
        {
            var best = Enumerable.Range(1, symbols.Count - 1).MinBy(i => _ranks.GetValueOrDefault((symbols[i - 1], symbols[i]), int.MaxValue));
            var pair = (symbols[best - 1], symbols[best]);
            if (!_ranks.ContainsKey(pair)) break;
            BytePairs.Merge(symbols, pair.Item1, pair.Item2);
        }
        return _words[word] = [.. symbols.Select(symbol => _ids[symbol])];
    }

    // Runs of text and, where the template wrote them, special tokens; text on both sides of a segment border is one run.
    static IEnumerable<(string Text, bool Special)> Pieces(IReadOnlyList<TextSegment> segments)
    {
        var run = "";
        foreach (var segment in segments)
        {
            var rest = segment.Text;
            while (!segment.IsInput && FirstSpecial(rest) is (var at, var special))
            {
                run += rest[..at];
                if (run.Length > 0) yield return (run, false);
                yield return (special, true);
                run = "";
                rest = rest[(at + special.Length)..];
            }
            run += rest;
        }
        if (run.Length > 0) yield return (run, false);
    }

    static (int At, string Special)? FirstSpecial(string text)
    {
        var found = Control.Concat(UserDefined).Select(special => (At: text.IndexOf(special, StringComparison.Ordinal), Special: special)).Where(hit => hit.At >= 0);
        return found.Any() ? found.MinBy(hit => hit.At) : null;
    }
}
