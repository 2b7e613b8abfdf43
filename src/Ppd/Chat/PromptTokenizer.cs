using System.Text;
using Ppd.Native;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>
/// Turns a rendered prompt into tokens. Special tokens are recognised in template text only; between them template and input text are tokenised together, as the
/// model saw them in training. Input can therefore never become a special token, and otherwise has the tokens llama.cpp itself would give it.
/// </summary>
static class PromptTokenizer
{
    const string Spaces = " \t\n\v\f\r";     // isspace in the C locale

    /// <summary>Tokens of a prompt, the beginning-of-text token included where the model wants one.</summary>
    internal static int[] Tokenize(LlamaVocabulary vocabulary, IReadOnlyList<TextSegment> segments, bool addBeginningOfText)
    {
        var tokens = new List<int>();
        if (addBeginningOfText && vocabulary.AddsBeginningOfText) tokens.Add(vocabulary.BeginningOfText);
        var text = new StringBuilder();
        var strip = false;
        foreach (var (piece, special) in segments.SelectMany(s => s.IsInput ? [new Fragment(s.Text, null)] : Split(s.Text, vocabulary.SpecialTokens)))
        {
            if (special is not { } token)
            {
                text.Append(strip ? piece.AsSpan().TrimStart(Spaces) : piece);
                strip &= text.Length == 0;
                continue;
            }
            // llama.cpp lets some tokens swallow the spaces beside them (LLAMA_TOKEN_ATTR_LSTRIP, _RSTRIP)
            if (token.Attributes.HasFlag(TokenAttributes.LeftStrip))
                while (text.Length > 0 && Spaces.Contains(text[^1])) text.Length--;
            strip = token.Attributes.HasFlag(TokenAttributes.RightStrip);
            AppendText(vocabulary, text, tokens);
            tokens.Add(token.Id);
        }
        AppendText(vocabulary, text, tokens);
        return [.. tokens];
    }

    // Template text as raw pieces and special tokens, longest token first like tokenizer_st_partition in llama-vocab.cpp.
    static List<Fragment> Split(string text, IReadOnlyList<SpecialToken> specials)
    {
        var fragments = new List<Fragment> { new(text, null) };
        foreach (var special in specials)
        {
            if (!text.Contains(special.Text, StringComparison.Ordinal)) continue;
            for (var i = 0; i < fragments.Count; i++)
            {
                var (raw, token) = fragments[i];
                if (token != null || raw.IndexOf(special.Text, StringComparison.Ordinal) is not (>= 0 and var at)) continue;
                fragments.RemoveAt(i);
                // what follows is looked at next, for further occurrences
                if (at + special.Text.Length < raw.Length) fragments.Insert(i, new Fragment(raw[(at + special.Text.Length)..], null));
                fragments.Insert(i, new Fragment(special.Text, special));
                if (at > 0) fragments.Insert(i++, new Fragment(raw[..at], null));
            }
        }
        return fragments;
    }

    static void AppendText(LlamaVocabulary vocabulary, StringBuilder text, List<int> tokens)
    {
        var all = text.ToString();
        text.Clear();
        // llama_tokenize matches user-defined tokens even in plain text. Those of the template are gone by now; any other comes from input and is cut apart.
        for (var start = 0; start < all.Length;)
        {
            var rest = all.AsSpan(start);
            var marker = rest.IndexOfAny(vocabulary.UserDefinedMarkers);
            var piece = rest[..(marker < 0 ? rest.Length : marker + (char.IsHighSurrogate(rest[marker]) ? 2 : 1))];
            if (start == 0 || !vocabulary.IsSentencePiece) vocabulary.Tokenize(piece, parseSpecial: false, tokens);
            else TokenizeContinuation(vocabulary, piece, tokens);
            start += piece.Length;
        }
    }

    // A SentencePiece tokeniser puts a space before whatever it is given; text in the middle of a run must not get one. Behind a line break it does not join anything.
    static void TokenizeContinuation(LlamaVocabulary vocabulary, ReadOnlySpan<char> text, List<int> tokens)
    {
        List<int> lineBreak = [], joined = [];
        vocabulary.Tokenize("\n", parseSpecial: false, lineBreak);
        vocabulary.Tokenize($"\n{text}", parseSpecial: false, joined);
        if (joined.Count >= lineBreak.Count && joined[..lineBreak.Count].SequenceEqual(lineBreak)) tokens.AddRange(joined.Skip(lineBreak.Count));
        else vocabulary.Tokenize(text, parseSpecial: false, tokens);
    }

    readonly record struct Fragment(string Text, SpecialToken? Special);
}
