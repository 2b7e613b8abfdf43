using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Chat;

/// <summary>
/// Turns a request's tokens into contents: UTF-8 characters that span tokens are put together, stop strings that span steps end the reply, thoughts and calls are taken apart
/// from the answer. The engine pushes, one consumer reads; the items are what one step made certain. Unread contents are bounded by the context length.
/// </summary>
/// <param name="vocabulary">The model's tokeniser.</param>
/// <param name="stops">Texts that end the reply.</param>
/// <param name="reader">Takes the text apart.</param>
/// <param name="markers">Control tokens in this text are seen by the reader; all others stand for nothing.</param>
sealed class ReplyStream(LlamaVocabulary vocabulary, IReadOnlyList<string> stops, ReplyReader reader, string markers) : ITokenSink
{
    readonly Channel<AIContent> _contents = Channel.CreateUnbounded<AIContent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    readonly StopMatcher _stops = new(stops);
    readonly StringBuilder _text = new();
    readonly StringBuilder _answered = new();     // since the last TakeAnswered
    readonly Dictionary<int, byte[]> _markers = vocabulary.SpecialTokens
        .Where(token => token.Attributes.HasFlag(TokenAttributes.Control) && markers.Contains(token.Text, StringComparison.Ordinal))
        .ToDictionary(token => token.Id, token => Encoding.UTF8.GetBytes(token.Text));
    char[] _chars = new char[256];
    bool _finished;

    /// <summary>The contents so far unread; completes with the reply, or with its error.</summary>
    internal ChannelReader<AIContent> Contents => _contents.Reader;

    /// <summary>How the reply ended; set before <see cref="Contents"/> completes without error.</summary>
    internal GenerationResult Result { get; private set; }

    /// <summary>Tokens of the thoughts.</summary>
    internal int ReasoningTokens { get; private set; }

    /// <summary>Whether the reply holds calls.</summary>
    internal bool HasCalls => reader.HasCalls;

    /// <summary>The text of the answer that was published since the last call; on the engine's thread.</summary>
    internal string TakeAnswered()
    {
        var text = _answered.ToString();
        _answered.Clear();
        return text;
    }

    /// <inheritdoc/>
    public bool Accept(ReadOnlySpan<int> tokens, out int kept)
    {
        for (kept = 0; kept < tokens.Length && !_stops.Stopped && !reader.IsClosed; kept++)
        {
            if (reader.IsInReasoning) ReasoningTokens++;
            Decode(_markers.TryGetValue(tokens[kept], out var marker) ? marker : vocabulary.Piece(tokens[kept]), flush: false);
        }
        Publish();
        return !_stops.Stopped && !reader.IsClosed;
    }

    /// <summary>Takes in that no more tokens come; returns what makes the reply useless, or null. To be called before <see cref="Complete"/>, or not at all.</summary>
    internal Exception? Finish()
    {
        if (_finished) return reader.Failure;
        _finished = true;
        if (!_stops.Stopped && !reader.IsClosed)
        {
            Decode([], flush: true);
            _stops.Flush(_text);
            Read();
        }
        reader.Finish();
        Publish();
        return reader.Failure;
    }

    /// <inheritdoc/>
    public void Complete(GenerationResult result)
    {
        var failure = Finish();
        Result = result;
        _contents.Writer.Complete(failure);
    }

    /// <inheritdoc/>
    public void Fail(Exception error) => _contents.Writer.Complete(error);

    void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_chars.Length < most) _chars = new char[most];
        _stops.Push(_chars.AsSpan(0, _utf8.GetChars(bytes, _chars, flush)), _text);
        Read();
    }

    void Read()
    {
        if (_text.Length == 0) return;
        reader.Push(_text.ToString());
        _text.Clear();
    }

    void Publish()
    {
        foreach (var content in reader.Take())
        {
            if (content is TextContent { Text: var text }) _answered.Append(text);
            _contents.Writer.TryWrite(content);
        }
    }
}
