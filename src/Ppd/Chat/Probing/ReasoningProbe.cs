using System.Text.RegularExpressions;

namespace Ppd.Chat.Probing;

/// <summary>Finds the markers around a model's thoughts: those its template puts there, else known ones in its prompts or its vocabulary.</summary>
static partial class ReasoningProbe
{
    // For templates that do not render thoughts of the past: DeepSeek R1 and its kin, Ministral, Apriel, Seed.
    static readonly (string Open, string Close)[] Known =
    [
        ("<think>", "</think>"),
        ("[THINK]", "[/THINK]"),
        ("<seed:think>", "</seed:think>"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<|channel>thought", "<channel|>"),
        ("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),
    ];

    /// <param name="render">The template's renderings.</param>
    /// <param name="callOpen">Text that opens a call.</param>
    /// <param name="specialTokens">Texts of the special tokens of the vocabulary.</param>
    internal static ReasoningFormat? Find(ProbeRender render, string? callOpen, IReadOnlyCollection<string> specialTokens) =>
        Measured(render, callOpen) ?? Known.Where(known => render.Openings.Any(opening => Shows(opening, known)) || IsSpecial(known, specialTokens))
            .Select(known => new ReasoningFormat(known.Open, known.Close, $"\n{known.Close}\n\n")).FirstOrDefault();

    static bool Shows(string opening, (string Open, string Close) known) =>
        opening.TrimEnd().EndsWith(known.Open, StringComparison.Ordinal) || opening.TrimEnd().EndsWith(known.Close, StringComparison.Ordinal);

    static bool IsSpecial((string Open, string Close) known, IReadOnlyCollection<string> specialTokens) => specialTokens.Contains(known.Open) && specialTokens.Contains(known.Close);

    static ReasoningFormat? Measured(ProbeRender render, string? callOpen)
    {
        if ((render.ThoughtAndAnswer ?? render.ThoughtAndCall) is not { } text) return null;
        // the tag before the thought, if it is one that speaks of thinking
        var before = text[..text.IndexOf(ProbeRender.Thought, StringComparison.Ordinal)].TrimEnd();
        if (Opening().Match(before) is not { Success: true } open) return null;
        var toAnswer = Behind(render.ThoughtAndAnswer, ProbeRender.Answer);
        var toCall = Behind(render.ThoughtAndCall, ProbeRender.Function);
        if (toCall != null && callOpen is { Length: > 0 } && toCall.IndexOf(callOpen.Trim(), StringComparison.Ordinal) is > 0 and var at) toCall = toCall[..at];
        else if (toAnswer == null && toCall != null) toCall = TagText.First(toCall);
        var close = toAnswer != null && toCall != null ? TagText.CommonStart(toAnswer, toCall) : toAnswer ?? toCall;
        return string.IsNullOrWhiteSpace(close) ? null : new ReasoningFormat(open.Value, close.Trim(), close);
    }

    static string? Behind(string? text, string word)
    {
        if (text == null) return null;
        var start = text.IndexOf(ProbeRender.Thought, StringComparison.Ordinal) + ProbeRender.Thought.Length;
        var end = text.IndexOf(word, start, StringComparison.Ordinal);
        return end < 0 ? null : text[start..end];
    }

    [GeneratedRegex(@"(<[^<>]*(think|thought|reason)[^<>]*>|\[[^\[\]]*think[^\[\]]*\]|<[^<>]+>thought)$", RegexOptions.IgnoreCase)]
    private static partial Regex Opening();
}
