using System.Text;
using System.Text.RegularExpressions;
using Ppd.Chat.Tools;

namespace Ppd.Chat;

/// <summary>
/// Reads the channels of gpt-oss while they grow: <c>&lt;|channel|&gt;analysis&lt;|message|&gt;...&lt;|end|&gt;&lt;|start|&gt;assistant&lt;|channel|&gt;final&lt;|message|&gt;...</c>.
/// Analysis is reasoning, a message to a function is a call, everything else is the answer. The prompt ends within the header of the first message.
/// </summary>
/// <param name="tools">The functions there are; null when calls are not looked for.</param>
/// <param name="output">Where the parts go.</param>
sealed partial class HarmonyReader(ToolSet? tools, ReplyOutput output)
{
    /// <summary>The special tokens this layout consists of.</summary>
    internal static readonly string[] Markers = ["<|start|>", "<|channel|>", "<|constrain|>", "<|message|>", "<|end|>", "<|call|>", "<|return|>"];

    const string Message = "<|message|>";
    const int LongestHeader = 400;      // characters; beyond, this is no header
    static readonly string[] Ends = ["<|end|>", "<|call|>", "<|return|>", "<|start|>"];

    readonly StringBuilder _held = new("<|start|>assistant");     // where the prompt ends
    string? _header;        // of the message whose body is read; null inside of a header
    string? _function;
    bool _isReasoning;

    internal bool IsInReasoning => _header != null && _isReasoning;

    internal void Push(ReadOnlySpan<char> text, bool complete)
    {
        _held.Append(text);
        // a call is not read before its end is there, and every end has this
        if (_header != null && _function != null && !complete && !text.Contains('>')) return;
        while (!output.IsClosed && (_header == null ? Header(complete) : Body(complete))) { }
    }

    bool Header(bool complete)
    {
        var held = _held.ToString();
        var end = held.IndexOf(Message, StringComparison.Ordinal);
        if (end < 0)
        {
            if (!complete && held.Length <= LongestHeader) return false;
            // not what this layout writes: text it is
            var rest = StartOfMessage().Replace(held, "");
            _held.Clear();
            if (rest.Trim().Length > 0) output.Text(rest);
            if (!complete) Begin("");
            return false;
        }
        Begin(held[..end]);
        _held.Remove(0, end + Message.Length);
        return true;
    }

    void Begin(string header)
    {
        _header = header;
        _function = tools != null && Recipient().Match(header) is { Success: true } match ? match.Groups[1].Value : null;
        _isReasoning = header.Contains("<|channel|>analysis", StringComparison.Ordinal);
    }

    bool Body(bool complete)
    {
        var held = _held.ToString();
        var (end, marker) = (held.Length, "");
        foreach (var candidate in Ends)
            if (held.IndexOf(candidate, StringComparison.Ordinal) is >= 0 and var at && at < end) (end, marker) = (at, candidate);
        var ended = marker.Length > 0 || complete;
        if (_function != null)
        {
            if (!ended) return false;
            if (!Call(held[..end])) output.Text($"{StartOfMessage().Replace(_header!, "")}{Message}{held.AsSpan(0, end)}");
        }
        else
        {
            if (!ended) end -= Ends.Max(candidate => Overlap(held, candidate));
            if (_isReasoning) output.Reasoning(held.AsSpan(0, end));
            else output.Text(held.AsSpan(0, end));
        }
        // the start of the next message is part of its header
        _held.Remove(0, end + (marker == "<|start|>" ? 0 : marker.Length));
        if (ended) _header = null;
        return marker.Length > 0;
    }

    bool Call(string body)
    {
        if (!JsonText.TryParse(body.Trim() is { Length: > 0 } json ? json : "{}", out var arguments) || arguments.ValueKind != System.Text.Json.JsonValueKind.Object) return false;
        var name = tools!.Find(_function!);
        return output.Call(name ?? _function!, name != null, id: null, tools.Arguments(name, ParsedCall.OfJson(_function!, null, arguments)));
    }

    static int Overlap(string text, string marker)
    {
        var length = Math.Min(text.Length, marker.Length - 1);
        while (length > 0 && !text.EndsWith(marker[..length], StringComparison.Ordinal)) length--;
        return length;
    }

    // the two ways to write it that the grammar of replies knows
    [GeneratedRegex(@"(?:<\|start\|>assistant|<\|channel\|>commentary) to=functions\.([^\s<]+)")]
    private static partial Regex Recipient();

    [GeneratedRegex(@"^\s*(<\|start\|>)?(assistant)?")]
    private static partial Regex StartOfMessage();
}
