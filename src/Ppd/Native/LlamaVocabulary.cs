using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using static Ppd.Native.LlamaFunctions;

namespace Ppd.Native;

/// <summary>Bits of <c>llama_token_attr</c> that matter to tokenising a prompt.</summary>
[Flags]
enum TokenAttributes
{
    None = 0,
    Unknown = 1 << 0,
    Control = 1 << 3,
    UserDefined = 1 << 4,
    LeftStrip = 1 << 7,
    RightStrip = 1 << 8,
}

/// <summary>A token that the tokeniser matches as a whole before it splits the text.</summary>
readonly record struct SpecialToken(int Id, string Text, TokenAttributes Attributes);

/// <summary>The tokeniser of a model (<c>llama_vocab</c>): text to ids, ids to bytes. Safe for concurrent use.</summary>
sealed unsafe class LlamaVocabulary
{
    const int SentencePieceType = 1;    // LLAMA_VOCAB_TYPE_SPM
    const int BytePairType = 2;         // LLAMA_VOCAB_TYPE_BPE

    // A byte-pair tokeniser without a splitter of its own in llama.cpp (unicode_regex_split) runs std::regex, which recurses for every character of a run:
    // up to 376 bytes of stack each were measured. An overflow ends the process.
    const int StackPerByte = 1024;
    const int SafeLength = 1000;                // bytes that any thread's stack can take
    const int MaxRecursiveLength = 1 << 20;     // bytes; beyond this the stack would pass 1 GiB

    readonly LlamaModel _model;
    readonly nint _handle;              // part of the model: valid inside a Hold
    readonly byte[]?[] _pieces;         // [Count], filled on demand
    readonly bool[] _endsGeneration;    // [Count]
    readonly bool _recurses;            // tokenising takes stack in proportion to the text

    internal LlamaVocabulary(LlamaModel model)
    {
        _model = model;
        var handle = _handle = llama_model_get_vocab(model);
        Count = llama_vocab_n_tokens(handle);
        _pieces = new byte[Count][];
        _endsGeneration = new bool[Count];
        var special = new List<SpecialToken>();
        const TokenAttributes Whole = TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown;
        for (var token = 0; token < Count; token++)
        {
            _endsGeneration[token] = llama_vocab_is_eog(handle, token) != 0;
            var attributes = (TokenAttributes)llama_vocab_get_attr(handle, token);
            if ((attributes & Whole) == 0) continue;
            var text = Marshal.PtrToStringUTF8((nint)llama_vocab_get_text(handle, token)) ?? "";
            if (text.Length > 0) special.Add(new SpecialToken(token, text, attributes));
        }
        // llama.cpp matches the longest text first (tokenizer_st_partition)
        SpecialTokens = [.. special.OrderByDescending(t => Encoding.UTF8.GetByteCount(t.Text))];
        // runs of spaces and single characters are ordinary text that some vocabularies list as user-defined
        UserDefinedMarkers = SearchValues.Create(
            [.. SpecialTokens.Where(t => t.Attributes.HasFlag(TokenAttributes.UserDefined) && t.Text.Length > 1 && !string.IsNullOrWhiteSpace(t.Text)).Select(t => t.Text)],
            StringComparison.Ordinal);
        BeginningOfText = llama_vocab_bos(handle);
        EndOfText = llama_vocab_eos(handle);
        AddsBeginningOfText = llama_vocab_get_add_bos(handle) != 0 && BeginningOfText >= 0;
        IsSentencePiece = llama_vocab_type(handle) == SentencePieceType;
        _recurses = llama_vocab_type(handle) == BytePairType;
    }

    /// <summary>The <c>llama_vocab</c>, valid as long as the model is loaded.</summary>
    internal nint Handle => _handle;

    /// <summary>Number of tokens; the width of a row of logits.</summary>
    internal int Count { get; }

    /// <summary>The beginning-of-text token, or -1.</summary>
    internal int BeginningOfText { get; }

    /// <summary>The end-of-text token, or -1.</summary>
    internal int EndOfText { get; }

    /// <summary>Whether a prompt starts with <see cref="BeginningOfText"/>.</summary>
    internal bool AddsBeginningOfText { get; }

    /// <summary>Whether this is a SentencePiece tokeniser, which may put a space before the text it is given.</summary>
    internal bool IsSentencePiece { get; }

    /// <summary>Control, user-defined and unknown tokens, longest text first.</summary>
    internal IReadOnlyList<SpecialToken> SpecialTokens { get; }

    /// <summary>Texts of user-defined tokens that look like markup; llama.cpp matches them in any text.</summary>
    internal SearchValues<string> UserDefinedMarkers { get; }

    /// <summary>Whether the model ends its reply with this token (end of text, end of turn, ...).</summary>
    internal bool EndsGeneration(int token) => _endsGeneration[token];

    /// <summary>Text of a token as the vocabulary writes it, or an empty string for -1.</summary>
    internal string Text(int token)
    {
        using var hold = new Hold(_model);
        return token < 0 ? "" : Marshal.PtrToStringUTF8((nint)llama_vocab_get_text(_handle, token)) ?? "";
    }

    /// <summary>The bytes a token stands for in a reply: possibly part of a character, none for a control token (<c>llama_token_to_piece</c>).</summary>
    internal ReadOnlySpan<byte> Piece(int token) => _pieces[token] ??= ReadPiece(token);

    /// <summary>
    /// Appends the tokens of <paramref name="text"/> (<c>llama_tokenize</c>), without a beginning-of-text token. Control tokens in the text stay text unless
    /// <paramref name="parseSpecial"/>; user-defined tokens are always matched.
    /// </summary>
    /// <exception cref="PpdException">The text is longer than this tokeniser can be given safely.</exception>
    internal void Tokenize(ReadOnlySpan<char> text, bool parseSpecial, List<int> tokens)
    {
        if (text.IsEmpty) return;
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, utf8);
        var ids = ArrayPool<int>.Shared.Rent(length + 8);
        try
        {
            var count = WithStack(length, () => TryTokenize(utf8, length, ids, parseSpecial));
            if (count < 0)
            {
                if (count == int.MinValue) throw new PpdException($"A text of {length} bytes has too many tokens for llama.cpp to count.");
                ArrayPool<int>.Shared.Return(ids);
                ids = ArrayPool<int>.Shared.Rent(-count);
                count = WithStack(length, () => TryTokenize(utf8, length, ids, parseSpecial));
            }
            tokens.AddRange(ids.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    // Runs the call where its recursion fits. The pages of a stack cost nothing until they are used.
    int WithStack(int length, Func<int> tokenize)
    {
        if (!_recurses || length <= SafeLength) return tokenize();
        if (length > MaxRecursiveLength)
            throw new PpdException($"A text of {length:N0} bytes was to be tokenised in one piece; with this model's tokeniser {MaxRecursiveLength:N0} bytes is the most. Split the text over several messages.");
        var result = 0;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = tokenize();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        }, (length * StackPerByte) + (1 << 20));
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException error)
        {
            throw new PpdException($"A text of {length:N0} bytes needs a stack of {length / 1024 + 1:N0} MB to be tokenised, which the system does not give. Split the text over several messages, or raise the limit.", error);
        }
        thread.Join();
        failure?.Throw();
        return result;
    }

    int TryTokenize(byte[] utf8, int length, int[] ids, bool parseSpecial)
    {
        using var hold = new Hold(_model);
        fixed (byte* text = utf8)
        fixed (int* output = ids)
            return llama_tokenize(_handle, text, length, output, ids.Length, addSpecial: 0, parseSpecial ? (byte)1 : (byte)0);
    }

    byte[] ReadPiece(int token)
    {
        using var hold = new Hold(_model);
        var buffer = stackalloc byte[64];
        var length = llama_token_to_piece(_handle, token, buffer, 64, lstrip: 0, special: 0);
        if (length >= 0) return new Span<byte>(buffer, length).ToArray();
        var piece = new byte[-length];
        fixed (byte* bytes = piece) llama_token_to_piece(_handle, token, bytes, piece.Length, lstrip: 0, special: 0);
        return piece;
    }

    // Keeps the model from being freed during a call; throws ObjectDisposedException once it is.
    readonly ref struct Hold
    {
        readonly LlamaModel _model;

        internal Hold(LlamaModel model)
        {
            var added = false;
            model.DangerousAddRef(ref added);
            _model = model;
        }

        public void Dispose() => _model.DangerousRelease();
    }
}
