using System.Text;
using System.Threading.Channels;
using Ppd.Decoding;
using Ppd.Native;

namespace Ppd.Chat;

/// <summary>
/// Turns a request's tokens into text: UTF-8 characters that span tokens are put together, stop strings that span steps end the reply. The engine pushes,
/// one consumer reads; each item is the text one step made certain. Unread text is bounded by the context length.
/// </summary>
sealed class ReplyStream(LlamaVocabulary vocabulary, IReadOnlyList<string> stops) : ITokenSink
{
    readonly Channel<string> _text = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    readonly StopMatcher _stops = new(stops);
    readonly StringBuilder _step = new();
    char[] _chars = new char[256];

    /// <summary>The text so far unread; completes with the reply, or with its error.</summary>
    internal ChannelReader<string> Text => _text.Reader;

    /// <summary>How the reply ended; set before <see cref="Text"/> completes without error.</summary>
    internal GenerationResult Result { get; private set; }

    /// <inheritdoc/>
    public bool Accept(ReadOnlySpan<int> tokens, out int kept)
    {
        for (kept = 0; kept < tokens.Length && !_stops.Stopped; kept++) Decode(vocabulary.Piece(tokens[kept]), flush: false);
        Publish();
        return !_stops.Stopped;
    }

    /// <inheritdoc/>
    public void Complete(GenerationResult result)
    {
        if (!_stops.Stopped)
        {
            Decode([], flush: true);
            _stops.Flush(_step);
            Publish();
        }
        Result = result;
        _text.Writer.Complete();
    }

    /// <inheritdoc/>
    public void Fail(Exception error) => _text.Writer.Complete(error);

    void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_chars.Length < most) _chars = new char[most];
        _stops.Push(_chars.AsSpan(0, _utf8.GetChars(bytes, _chars, flush)), _step);
    }

    void Publish()
    {
        if (_step.Length == 0) return;
        _text.Writer.TryWrite(_step.ToString());
        _step.Clear();
    }
}
