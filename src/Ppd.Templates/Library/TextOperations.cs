using Ppd.Templates.Runtime;
using Ppd.Templates.Syntax;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>What string filters and string methods share: strip, replace, split, join.</summary>
static class TextOperations
{
    /// <summary>Python's strip; <paramref name="characters"/> null means whitespace.</summary>
    public static MarkedString Strip(Execution execution, MarkedString text, string? characters, bool atStart, bool atEnd)
    {
        var set = characters is null ? null : characters.ToHashSet();
        bool Strips(char c) => set is null ? Whitespace.Is(c) : set.Contains(c);
        var (start, end) = (0, text.Length);
        while (atStart && start < end && Strips(text.Text[start]))
            start++;
        while (atEnd && end > start && Strips(text.Text[end - 1]))
            end--;
        execution.ChargeScan(text.Length - (end - start) + (characters?.Length ?? 0));
        return execution.Slice(text, start, end - start);
    }

    /// <summary>Replaces up to <paramref name="count"/> occurrences, all when negative. An empty pattern matches between all characters.</summary>
    public static MarkedString Replace(Execution execution, MarkedString text, MarkedString old, MarkedString replacement, int count)
    {
        var builder = new MarkedBuilder(execution);
        var position = 0;
        for (var done = 0; done != count; done++)
        {
            if (old.Length == 0)
            {
                builder.Append(replacement);
                if (position == text.Length)
                    return builder.Build();
                builder.Append(text, position++, 1);
                continue;
            }
            var found = TextSearch.IndexOf(execution, text.Text, old.Text, position);
            if (found < 0)
                break;
            builder.Append(text, position, found - position).Append(replacement);
            position = found + old.Length;
        }
        return builder.Append(text, position, text.Length - position).Build();
    }

    /// <summary>Replaces a character by text that takes over the mark of what it replaces.</summary>
    public static MarkedString ReplaceCharacter(Execution execution, MarkedString text, char old, string replacement)
    {
        var builder = new MarkedBuilder(execution);
        for (var i = 0; i < text.RunCount; i++)
        {
            var (start, length, isInput) = text.Run(i);
            builder.Append(text.Text.Substring(start, length).Replace(old.ToString(), replacement, StringComparison.Ordinal), isInput);
        }
        return builder.Build();
    }

    /// <summary>Python's split at a separator, at most <paramref name="limit"/> times when not negative.</summary>
    public static JinjaList Split(Execution execution, MarkedString text, string separator, int limit)
    {
        if (separator.Length == 0)
            execution.Fail("empty separator");
        var parts = new List<object?>();
        var position = 0;
        while (parts.Count != limit && TextSearch.IndexOf(execution, text.Text, separator, position) is var found && found >= 0)
        {
            execution.Charge(1);
            parts.Add(execution.Slice(text, position, found - position));
            position = found + separator.Length;
        }
        parts.Add(execution.Slice(text, position, text.Length - position));
        return new JinjaList(parts);
    }

    public static JinjaList SplitFromEnd(Execution execution, MarkedString text, string separator, int limit)
    {
        if (separator.Length == 0)
            execution.Fail("empty separator");
        // Searched backwards in reversed text: "aaa" splits at its last "aa", not its first.
        var (reversedText, reversedSeparator) = (TextSearch.Reversed(execution, text.Text), TextSearch.Reversed(execution, separator));
        var parts = new List<object?>();
        var position = 0;
        while (parts.Count != limit && TextSearch.IndexOf(execution, reversedText, reversedSeparator, position) is var found && found >= 0)
        {
            execution.Charge(1);
            parts.Add(execution.Slice(text, text.Length - found, found - position));
            position = found + separator.Length;
        }
        parts.Add(execution.Slice(text, 0, text.Length - position));
        parts.Reverse();
        return new JinjaList(parts);
    }

    /// <summary>Python's split at runs of whitespace, which never gives empty parts.</summary>
    public static JinjaList SplitWords(Execution execution, MarkedString text, int limit)
    {
        execution.ChargeScan(text.Length);
        var parts = new List<object?>();
        for (var start = Whitespace.Skip(text.Text, 0); start < text.Length; )
        {
            execution.Charge(1);
            if (parts.Count == limit)
            {
                parts.Add(Strip(execution, text.Slice(start, text.Length - start), null, atStart: false, atEnd: true));
                break;
            }
            var end = start;
            while (end < text.Length && !Whitespace.Is(text.Text[end]))
                end++;
            parts.Add(text.Slice(start, end - start));
            start = Whitespace.Skip(text.Text, end);
        }
        return new JinjaList(parts);
    }

    public static JinjaList SplitLines(Execution execution, MarkedString text, bool keepEnds)
    {
        var lines = new List<object?>();
        for (var start = 0; start < text.Length; )
        {
            execution.Charge(1);
            var end = text.Text.AsSpan(start).IndexOfAny("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029");
            end = end < 0 ? text.Length : start + end;
            var next = Math.Min(text.Length, end + (end + 1 < text.Length && text.Text[end] == '\r' && text.Text[end + 1] == '\n' ? 2 : 1));
            lines.Add(execution.Slice(text, start, (keepEnds ? next : end) - start));
            start = next;
        }
        return new JinjaList(lines);
    }

    public static MarkedString Join(Execution execution, MarkedString separator, IEnumerable<MarkedString> parts)
    {
        var builder = new MarkedBuilder(execution);
        var first = true;
        foreach (var part in parts)
        {
            if (!first)
                builder.Append(separator);
            builder.Append(part);
            first = false;
        }
        return builder.Build();
    }
}
