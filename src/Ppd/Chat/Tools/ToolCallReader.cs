using System.Text;

namespace Ppd.Chat.Tools;

/// <summary>
/// Finds calls in the text of a reply while it grows. Text before and between them goes out as soon as it cannot be the beginning of a call; a call goes out once it is complete and
/// can be read; what looked like a call and cannot be read goes out as text, unchanged.
/// </summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="tools">The functions there are.</param>
/// <param name="output">Where text and calls go.</param>
sealed class ToolCallReader(ToolCallFormat format, ToolSet tools, ReplyOutput output)
{
    readonly IReadOnlyList<(string Trigger, string Open)> _triggers = format.Triggers;
    readonly StringBuilder _held = new();
    bool _insideCalls;      // a call was just read: another one or the closing text may follow
    bool _sawText;
    bool _waits;            // a call has begun that cannot be complete before the last character of calls comes

    /// <summary>Adds text.</summary>
    /// <param name="text">What came.</param>
    /// <param name="complete">Whether it was the last.</param>
    internal void Push(ReadOnlySpan<char> text, bool complete)
    {
        _held.Append(text);
        if (_waits && !complete && !text.Contains(format.Call.Last)) return;
        _waits = false;
        var all = _held.ToString();
        var at = 0;
        while (at <= all.Length && !output.IsClosed && Advance(all, ref at, complete)) { }
        _held.Clear().Append(all, at, all.Length - at);
    }

    // Takes the next piece; false when more text is needed.
    bool Advance(string all, ref int at, bool complete) => _insideCalls ? AfterCall(all, ref at, complete) : Text(all, ref at, complete);

    bool Text(string all, ref int at, bool complete)
    {
        // white space before a call belongs to the layout
        var start = at;
        while (!_sawText && start < all.Length && (format.MarksCalls ? char.IsWhiteSpace(all[start]) : all[start] is ' ' or '\t' or '\n' or '\r')) start++;
        var (found, open) = NextTrigger(all, start);
        if (!format.MarksCalls && (found > start || _sawText || output.Calls > 0)) found = -1;
        if (found < 0)
        {
            var safe = complete ? all.Length : all.Length - LongestTriggerPrefixAtEnd(all.AsSpan(start));
            if (safe > start || (complete && output.Calls == 0)) Emit(all, ref at, safe);
            return false;
        }
        if (found > start) Emit(all, ref at, found);
        var scanner = new TextScanner(all.AsSpan(found), complete);
        var result = scanner.Literal(open) ? ReadCall(ref scanner) : scanner.Failure;
        if (result == ScanResult.Match) at = found + scanner.Position;
        else if (result == ScanResult.Mismatch) Emit(all, ref at, found + 1);
        return result != ScanResult.Partial;
    }

    bool AfterCall(string all, ref int at, bool complete)
    {
        var rest = all.AsSpan(at);
        if (format.Between != null)
        {
            var next = new TextScanner(rest, complete);
            var start = at;
            var result = next.Literal(format.Between) ? ReadCall(ref next) : next.Failure;
            if (result == ScanResult.Match) at = start + next.Position;
            if (result == ScanResult.Match) return true;
            // the text behind the last call may begin like that between two
            if (result == ScanResult.Partial && !Closes(rest, complete, out _)) return false;
            _waits = false;
        }
        if (!Closes(rest, complete, out var length) && length < 0) return false;
        at += Math.Max(0, length);
        _insideCalls = false;
        _sawText = false;
        return true;
    }

    // Whether the closing text is here; the length is -1 while it may still come, and 0 if the model left it out.
    bool Closes(ReadOnlySpan<char> rest, bool complete, out int length)
    {
        var scanner = new TextScanner(rest, complete);
        if (scanner.Literal(format.Close))
        {
            length = scanner.Position;
            return true;
        }
        // at the end of the reply any part of it will do, for what ends a turn can be part of it
        var open = new TextScanner(rest, complete: false);
        open.Literal(format.Close);
        var isPrefix = open.Failure == ScanResult.Partial;
        length = !isPrefix ? 0 : complete ? rest.Length : -1;
        return false;
    }

    ScanResult ReadCall(ref TextScanner scanner)
    {
        var result = format.Call.Read(ref scanner, out var call);
        _waits = result == ScanResult.Partial && format.Call.HasBegun(scanner.Text);
        if (result != ScanResult.Match) return result;
        var name = tools.Find(call!.Name);
        // JSON that nothing marks as a call is one only if it names a function
        if (name == null && !format.MarksCalls) return ScanResult.Mismatch;
        if (!output.Call(name ?? call.Name, isKnown: name != null, call.Id ?? scanner.Id, tools.Arguments(name, call))) return ScanResult.Mismatch;
        _insideCalls = true;
        return ScanResult.Match;
    }

    void Emit(string all, ref int at, int end)
    {
        if (end <= at) return;
        _sawText = true;
        output.Text(all.AsSpan(at, end - at));
        at = end;
    }

    (int At, string Open) NextTrigger(string all, int start)
    {
        var (first, remainder) = (-1, "");
        foreach (var (trigger, open) in _triggers)
            if (all.IndexOf(trigger, start, StringComparison.Ordinal) is >= 0 and var found && (first < 0 || found < first)) (first, remainder) = (found, open);
        return (first, remainder);
    }

    int LongestTriggerPrefixAtEnd(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var (trigger, _) in _triggers)
            for (var length = Math.Min(trigger.Length - 1, text.Length); length > longest; length--)
                if (text.EndsWith(trigger.AsSpan(0, length))) longest = length;
        return longest;
    }
}
