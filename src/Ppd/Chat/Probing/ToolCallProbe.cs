using Ppd.Chat.Tools;

namespace Ppd.Chat.Probing;

/// <summary>
/// Measures how a template writes calls: renders a conversation with one and with two calls of a function with recognisable names and values, and takes what stands around them.
/// The difference to the same conversation answered in words is where a call begins; what stands between name and values says of which kind it is.
/// </summary>
static class ToolCallProbe
{
    /// <returns>The format, or why the template's calls cannot be read.</returns>
    internal static (ToolCallFormat? Format, string? Refusal) Measure(ProbeRender render, IReadOnlyCollection<string> endTokens)
    {
        var text = render.TwoCalls ?? render.OneCall!;
        var header = TagText.CommonStart(render.Answered ?? render.Openings.FirstOrDefault() ?? "", text);
        var calls = text[header.Length..];
        var (answerOpen, answerEnd) = AroundAnswer(render.Answered, header);
        if (answerOpen.Contains("<|channel|>final<|message|>", StringComparison.Ordinal)) return Channels(calls);
        if (answerOpen.Trim().Length > 0 && !TagText.IsSingle(answerOpen))
            return (null, $"answers in words begin with '{answerOpen}', a header that is not known here");
        if (CallLayout.Find(calls) is not { } layout) return (null, $"the layout of calls ('{Excerpt(calls)}') is none of those known here");
        var open = layout.Open;
        if (TagText.CommonStart(open.TrimStart(), answerEnd.TrimStart()).Contains('>')) return (null, $"calls begin behind the end of the reply ('{TagText.First(open)}')");
        if (open.Trim().Length == 0 && layout.Syntax is not JsonObjectCall) return (null, "nothing marks the beginning of a call");
        return (new ToolCallFormat(layout.Family, CallLayout.WithoutIds(open), layout.Between, WithoutEnd(layout.Close, answerEnd, render, endTokens), layout.Syntax), null);
    }

    // gpt-oss: ' to=functions.NAME<|channel|>commentary json<|message|>{...}<|call|>'
    static (ToolCallFormat?, string?) Channels(string calls)
    {
        if (CallLayout.Find(calls) is not { Syntax: NamedJsonCall } layout) return (null, $"the layout of calls in channels ('{Excerpt(calls)}') is not known here");
        return (new ToolCallFormat("Harmony", layout.Open, null, TagText.First(layout.Close), layout.Syntax) { InChannels = true }, null);
    }

    static (string Before, string Behind) AroundAnswer(string? answered, string header)
    {
        if (answered?.IndexOf(ProbeRender.Answer, StringComparison.Ordinal) is not { } at || at < header.Length) return ("", "");
        return (answered[header.Length..at], answered[(at + ProbeRender.Answer.Length)..]);
    }

    // What ends a turn is not part of a call: it ends answers too, stands where turns begin, or is a token that ends the reply.
    static string WithoutEnd(string close, string answerEnd, ProbeRender render, IReadOnlyCollection<string> endTokens)
    {
        var end = answerEnd.Trim();
        if (end.Length > 0 && close.TrimEnd().EndsWith(end, StringComparison.Ordinal)) close = close.TrimEnd()[..^end.Length];
        foreach (var token in endTokens.Concat(render.Openings.SelectMany(TagText.All)))
            if (token.Length > 0 && close.IndexOf(token, StringComparison.Ordinal) is >= 0 and var at) close = close[..at];
        return close.TrimEnd();
    }

    static string Excerpt(string text) => text.Length <= 80 ? text.ReplaceLineEndings("\\n") : $"{text[..80].ReplaceLineEndings("\\n")}...";
}
