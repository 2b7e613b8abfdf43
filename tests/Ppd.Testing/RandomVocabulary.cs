namespace Ppd.Testing;

/// <summary>
/// A SentencePiece vocabulary: unknown, begin, end, 256 bytes, the blank, three special tokens, then letters and made-up
/// words, each a shorter token plus one letter, so that merging reaches all of them.
/// </summary>
public sealed class RandomVocabulary
{
    public const int UnknownId = 0;
    public const int BeginId = 1;
    public const int EndId = 2;
    public const int FirstByteId = 3;

    /// <summary>Control token <c>&lt;|im_start|&gt;</c>.</summary>
    public const int MessageStartId = FirstByteId + 256 + 1;

    /// <summary>Control token <c>&lt;|im_end|&gt;</c>.</summary>
    public const int MessageEndId = MessageStartId + 1;

    /// <summary>User-defined token <c>&lt;tool_call&gt;</c>.</summary>
    public const int ToolCallId = MessageEndId + 1;

    public const int MinSize = ToolCallId + 1;

    const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6;
    const int LongestWord = 8;
    const string Letters = "etaoinshrdlcumwfgypbvkxjqz";

    public RandomVocabulary(int size, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinSize);
        var tokens = new List<string>(size);
        var types = new List<int>(size);
        void Add(string text, int type)
        {
            tokens.Add(text);
            types.Add(type);
        }

        Add("<unk>", Unknown);
        Add("<s>", Control);
        Add("</s>", Control);
        for (int value = 0; value < 256; value++)
            Add($"<0x{value:X2}>", Byte);
        Add("▁", Normal);
        Add("<|im_start|>", Control);
        Add("<|im_end|>", Control);
        Add("<tool_call>", UserDefined);
        var growable = new List<string> { "▁" };
        foreach (char letter in Letters.Take(size - MinSize))
        {
            Add(letter.ToString(), Normal);
            growable.Add(letter.ToString());
        }
        var known = new HashSet<string>(tokens);
        var random = new Random(seed);
        while (tokens.Count < size)
        {
            string word = growable[random.Next(growable.Count)] + Letters[random.Next(Letters.Length)];
            if (!known.Add(word))
                continue;
            Add(word, Normal);
            if (word.Length < LongestWord)
                growable.Add(word);
        }
        Tokens = [.. tokens];
        Types = [.. types];
        // Shorter, earlier words merge first.
        Scores = [.. types.Select((type, id) => type == Normal ? -id : 0f)];
    }

    public string[] Tokens { get; }

    /// <summary>llama.cpp's token types: 1 normal, 2 unknown, 3 control, 4 user-defined, 6 byte.</summary>
    public int[] Types { get; }

    public float[] Scores { get; }
}
