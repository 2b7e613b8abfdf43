namespace Ppd.Chat.Probing;

/// <summary>Comparing texts that consist of tags: cuts never go through one.</summary>
static class TagText
{
    /// <summary>What two texts begin with, without the beginning of a tag.</summary>
    internal static string CommonStart(string one, string other)
    {
        var common = one[..one.AsSpan().CommonPrefixLength(other)];
        var open = common.LastIndexOf('<');
        return open > common.LastIndexOf('>') ? common[..open] : common;
    }

    /// <summary>The first tag of a text, or the text up to the first white space.</summary>
    internal static string First(string text)
    {
        var trimmed = text.TrimStart();
        var end = trimmed.StartsWith('<') ? trimmed.IndexOf('>') + 1 : trimmed.AsSpan().IndexOfAny(" \n");
        return end <= 0 ? trimmed : trimmed[..end];
    }

    /// <summary>All tags of a text.</summary>
    internal static IEnumerable<string> All(string text)
    {
        for (var start = text.IndexOf('<'); start >= 0; start = text.IndexOf('<', start + 1))
            if (text.IndexOf('>', start) is >= 0 and var end) yield return text[start..(end + 1)];
    }

    /// <summary>Whether the text is one tag and white space.</summary>
    internal static bool IsSingle(string text) => text.Trim() is ['<', .., '>'] tag && tag.IndexOf('>') == tag.Length - 1;
}
