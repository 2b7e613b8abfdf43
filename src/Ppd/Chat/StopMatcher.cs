using System.Text;

namespace Ppd.Chat;

/// <summary>Cuts a stream of text before the first stop string, holding back only what may still become one.</summary>
sealed class StopMatcher(IReadOnlyList<string> stops)
{
    readonly StringBuilder _held = new();

    /// <summary>Whether a stop string was found; nothing comes after it.</summary>
    internal bool Stopped { get; private set; }

    /// <summary>Adds text and appends to <paramref name="output"/> what can no longer be part of a stop string.</summary>
    internal void Push(ReadOnlySpan<char> text, StringBuilder output)
    {
        if (Stopped) return;
        if (stops.Count == 0)
        {
            output.Append(text);
            return;
        }
        _held.Append(text);
        var pending = _held.ToString();
        _held.Clear();
        var first = -1;
        foreach (var stop in stops)
            if (pending.IndexOf(stop, StringComparison.Ordinal) is var at and >= 0 && (first < 0 || at < first)) first = at;
        Stopped = first >= 0;
        var safe = Stopped ? first : pending.Length - LongestStopPrefixAtEnd(pending);
        output.Append(pending, 0, safe);
        if (!Stopped) _held.Append(pending, safe, pending.Length - safe);
    }

    /// <summary>Releases held text at the end of the reply.</summary>
    internal void Flush(StringBuilder output)
    {
        output.Append(_held);
        _held.Clear();
    }

    int LongestStopPrefixAtEnd(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length))) longest = length;
        return longest;
    }
}
