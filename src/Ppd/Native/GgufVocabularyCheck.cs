using System.Security.Cryptography;
using System.Text;

namespace Ppd.Native;

/// <summary>Refuses vocabularies on which llama.cpp aborts, at load or at the first tokenisation.</summary>
static class GgufVocabularyCheck
{
    internal const int MaxTokens = 1 << 22;

    const string Prefix = "tokenizer.ggml.";

    // Byte-pair pre-tokenisers that switch the leading begin-of-text token on by themselves.
    static readonly HashSet<string> PrependingPreTokenizers =
    [
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano", "tekken", "chameleon",
        "gemma4", "granite-embed-multi-311m",
    ];

    /// <summary>Returns the token count.</summary>
    public static int Check(GgufFile file)
    {
        string model = file.Metadata.GetRequired<string>(Prefix + "model");
        if (model is not ("llama" or "gpt2"))
        {
            throw new PpdModelLoadException(
                $"Tokeniser '{model}' of '{file.Path}' is not supported; supported are 'llama' (SentencePiece) and 'gpt2' (byte-pair encoding). " +
                "A file with tokeniser 'none' or 'no_vocab' cannot turn text into tokens.");
        }
        var tokens = Tokens(file);
        CheckLengths(file, tokens.Count);
        CheckSpecialTokens(file, model, tokens.Count);
        if (model == "llama")
            CheckByteFallback(file, tokens);
        else
            CheckPreTokenizer(file);
        return tokens.Count;
    }

    /// <summary>SHA-256 over all token texts in order, each with its length: equal for files with the same vocabulary.</summary>
    public static string Digest(GgufFile file)
    {
        if (!file.Metadata.TryGetStrings(Prefix + "tokens", out var tokens))
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        tokens.AppendTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static GgufTokenTable Tokens(GgufFile file)
    {
        if (!file.Metadata.TryGetStrings(Prefix + "tokens", out var strings))
            throw Refuse(file, "tokens", "missing", "the vocabulary must be in the file");
        if (strings.Count is 0 or > MaxTokens)
            throw Refuse(file, "tokens", $"a list of {strings.Count}", $"1 to {MaxTokens} tokens are allowed");
        var tokens = new GgufTokenTable(strings);
        if (tokens.FirstDuplicate is var (first, second))
        {
            throw Refuse(file, "tokens", $"a list in which {first} and {second} are both '{Shown(tokens.Text(first))}'",
                "every token must have a text of its own");
        }
        return tokens;
    }

    static void CheckLengths(GgufFile file, int count)
    {
        string scores = Prefix + "scores";
        if (file.Metadata.TryGetEntry(scores, out var entry))
        {
            if (entry.Type == GgufValueType.Float32 && file.Metadata.TryGetArray<float>(scores, out var values) && Array.Exists(values, float.IsNaN))
                throw Refuse(file, "scores", "a list with NaN in it", "scores order the tokens and must be numbers");
            if (!entry.IsArray || entry.Type is not (GgufValueType.Float32 or GgufValueType.Int32) || entry.Count != count)
                throw Refuse(file, "scores", entry.TypeName, $"it must be Float32[{count}], one score for each token");
        }
        if (file.Metadata.TryGetEntry(Prefix + "token_type", out entry)
            && (!entry.IsArray || entry.Type != GgufValueType.Int32 || entry.Count != count))
        {
            throw Refuse(file, "token_type", entry.TypeName, $"it must be Int32[{count}], one type for each token");
        }
        string architecture = file.Metadata.GetRequired<string>("general.architecture");
        if (file.Metadata.TryGet<uint>(architecture + ".vocab_size", out var size) && size != count)
        {
            throw new PpdModelLoadException(
                $"Metadata key '{architecture}.vocab_size' of '{file.Path}' is {size}, but {Prefix}tokens has {count}. " +
                "The vocabulary belongs to another model; convert the model again.");
        }
    }

    static void CheckSpecialTokens(GgufFile file, string model, int count)
    {
        foreach (string key in file.Metadata.Keys)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith("_token_id", StringComparison.Ordinal)
                && file.Metadata.GetRequired<uint>(key) is var id && id >= count)
            {
                throw Refuse(file, key[Prefix.Length..], id, $"the vocabulary has tokens 0 to {count - 1}");
            }
        }
        // llama.cpp's defaults where the file is silent.
        string pre = file.Metadata.GetOrDefault(Prefix + "pre", "");
        bool sentencePiece = model == "llama";
        bool noDefaultBegin = !sentencePiece && pre is "glm4" or "chatglm-bpe";
        bool addBegin = file.Metadata.GetOrDefault(Prefix + "add_bos_token", sentencePiece || PrependingPreTokenizers.Contains(pre))
            || pre is "gemma4" or "granite-embed-multi-311m";
        bool addEnd = file.Metadata.GetOrDefault(Prefix + "add_eos_token", false);
        RequireToken(file, addBegin, "bos_token_id", noDefaultBegin ? null : sentencePiece ? 1 : 11, count);
        RequireToken(file, addEnd, "eos_token_id", sentencePiece ? 2 : 11, count);
    }

    static void RequireToken(GgufFile file, bool added, string name, int? defaultId, int count)
    {
        if (added && !file.Metadata.Contains(Prefix + name) && !(defaultId < count))
            throw Refuse(file, name, "missing", $"the tokeniser adds this token to every text (add_{name[..3]}_token)");
    }

    // A character outside the vocabulary becomes bytes. Where a byte has no token either, llama.cpp throws through its C
    // interface, which ends the process.
    static void CheckByteFallback(GgufFile file, GgufTokenTable tokens)
    {
        Span<byte> name = stackalloc byte[6];
        for (int value = 0; value < 256; value++)
        {
            Encoding.ASCII.GetBytes($"<0x{value:X2}>", name);
            if (!tokens.Contains(name) && (value == 0 || !tokens.Contains([(byte)value])))
                throw Refuse(file, "tokens", $"without '<0x{value:X2}>'", "a SentencePiece vocabulary needs a token for each of the 256 bytes");
        }
    }

    static void CheckPreTokenizer(GgufFile file)
    {
        // This one leaves blanks inside words, and llama.cpp asserts that a merge never sees one.
        if (file.Metadata.GetOrDefault(Prefix + "pre", "") == "whitespace")
            throw Refuse(file, "pre", "whitespace", "this pre-tokeniser works with embedding models only");
        string merges = Prefix + "merges";
        if (!file.Metadata.TryGetStrings(merges, out _))
            throw Refuse(file, "merges", "missing", "a byte-pair vocabulary needs its merges");
    }

    static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)]);

    static PpdModelLoadException Refuse(GgufFile file, string name, object found, string allowed) => new(
        $"Metadata key '{Prefix}{name}' of '{file.Path}' is {found}; {allowed}. llama.cpp would fail or abort on this file; get or convert it again.");
}
