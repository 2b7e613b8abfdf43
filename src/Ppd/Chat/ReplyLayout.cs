using Ppd.Chat.Probing;
using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>What a model's replies consist of, found by rendering small conversations with its template.</summary>
sealed record ReplyLayout
{
    /// <summary>How thoughts are marked; null for models that do not think.</summary>
    internal ReasoningFormat? Reasoning { get; init; }

    /// <summary>Whether replies consist of channels as in gpt-oss.</summary>
    internal bool InChannels { get; private init; }

    /// <summary>How functions are called; null where that cannot be told.</summary>
    internal ToolCallFormat? Calls { get; private init; }

    /// <summary>Why <see cref="Calls"/> is null.</summary>
    internal string? Refusal { get; private init; }

    /// <summary>Whether the template shows tools to the model; otherwise the request has to describe them.</summary>
    internal bool TemplateShowsTools { get; private init; }

    /// <summary>Whether the template writes calls of the past; otherwise they are written as text.</summary>
    internal bool TemplateShowsCalls { get; private init; }

    /// <summary>Special tokens that have to be seen in a reply to take it apart: those that stand in these texts.</summary>
    /// <param name="calls">Whether calls are looked for.</param>
    internal string Markers(bool calls) => string.Join('\n', (IEnumerable<string>)[
        .. InChannels ? HarmonyReader.Markers : [],
        .. Reasoning == null ? (string[])[] : [Reasoning.Open, Reasoning.Close],
        .. calls && Calls != null ? Calls.Literals : []]);

    /// <param name="template">The model's template.</param>
    /// <param name="specialTokens">Texts of the special tokens of the vocabulary.</param>
    /// <param name="endTokens">Those of them that end a reply.</param>
    internal static ReplyLayout Probe(ChatTemplate template, IReadOnlyCollection<string> specialTokens, IReadOnlyCollection<string> endTokens)
    {
        var render = new ProbeRender(template);
        var layout = WithCalls(render, template.Capabilities.Tools, specialTokens, endTokens);
        var reasoning = ReasoningProbe.Find(render, layout.Calls?.Open, specialTokens);
        return layout with
        {
            Reasoning = reasoning,
            Calls = reasoning == null ? layout.Calls : WithoutThoughts(layout.Calls, reasoning),
            InChannels = render.Answered?.Contains("<|channel|>final<|message|>", StringComparison.Ordinal) == true,
            TemplateShowsTools = template.Capabilities.Tools,
        };
    }

    // Some templates (Cohere's) open a call with empty thoughts where there are none.
    static ToolCallFormat? WithoutThoughts(ToolCallFormat? calls, ReasoningFormat reasoning)
    {
        var open = calls?.Open.TrimStart() ?? "";
        if (!open.StartsWith(reasoning.Open, StringComparison.Ordinal) || !open[reasoning.Open.Length..].TrimStart().StartsWith(reasoning.Close, StringComparison.Ordinal)) return calls;
        return calls! with { Open = open[(open.IndexOf(reasoning.Close, StringComparison.Ordinal) + reasoning.Close.Length)..] };
    }

    static ReplyLayout WithCalls(ProbeRender render, bool showsTools, IReadOnlyCollection<string> specialTokens, IReadOnlyCollection<string> endTokens)
    {
        var (measured, refusal) = render.OneCall == null ? (null, null) : ToolCallProbe.Measure(render, endTokens);
        if (measured != null) return new ReplyLayout { Calls = measured, TemplateShowsCalls = true };
        if (!showsTools) return new ReplyLayout { Calls = DeclaredFormats.Generic };
        if (refusal == null && DeclaredFormats.Find(render.Preamble, specialTokens) is { } declared) return new ReplyLayout { Calls = declared };
        return new ReplyLayout { Refusal = refusal ?? "the template lists tools, but does not say how they are called" };
    }
}
