using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Substring search whose cost is charged and never quadratic, whatever the template searches for.</summary>
static class TextSearch
{
    const int ShortPattern = 32;

    /// <summary>First position of <paramref name="pattern"/> at or after <paramref name="start"/>, or -1.</summary>
    public static int IndexOf(Execution execution, string text, string pattern, int start)
    {
        if (pattern.Length <= ShortPattern)
        {
            var found = text.IndexOf(pattern, start, StringComparison.Ordinal);
            execution.ChargeScan((found < 0 ? text.Length : found) - start + pattern.Length);
            return found;
        }
        return KnuthMorrisPratt(execution, text, pattern, start);
    }

    /// <summary>Last position of <paramref name="pattern"/> within <paramref name="text"/>, or -1.</summary>
    public static int LastIndexOf(Execution execution, string text, string pattern)
    {
        var found = IndexOf(execution, Reversed(execution, text), Reversed(execution, pattern), 0);
        return found < 0 ? -1 : text.Length - found - pattern.Length;
    }

    public static string Reversed(Execution execution, string text)
    {
        execution.ChargeText(0, text.Length);
        return string.Create(text.Length, text, static (span, source) =>
        {
            source.CopyTo(span);
            span.Reverse();
        });
    }

    static int KnuthMorrisPratt(Execution execution, string text, string pattern, int start)
    {
        // fallback[i]: length of the longest proper prefix of pattern[..(i + 1)] that is also its suffix.
        var fallback = new int[pattern.Length];
        for (int i = 1, length = 0; i < pattern.Length; i++)
        {
            while (length > 0 && pattern[i] != pattern[length])
                length = fallback[length - 1];
            if (pattern[i] == pattern[length])
                length++;
            fallback[i] = length;
        }
        for (int i = start, length = 0; i < text.Length; i++)
        {
            while (length > 0 && text[i] != pattern[length])
                length = fallback[length - 1];
            if (text[i] == pattern[length])
                length++;
            if (length < pattern.Length)
                continue;
            execution.ChargeScan(i - start + pattern.Length);
            return i - length + 1;
        }
        execution.ChargeScan(text.Length - start + pattern.Length);
        return -1;
    }
}
