using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>A rendered conversation and what is known about the reply to it.</summary>
/// <param name="Rendered">The conversation with the opening of the assistant's turn.</param>
/// <param name="Layout">What the reply will consist of.</param>
/// <param name="Tools">What the request says about tools; null without any.</param>
sealed record ChatPrompt(RenderedText Rendered, ReplyLayout Layout, ToolRequest? Tools)
{
    /// <summary>Text put behind the rendered conversation, so that the reply can only go on from there; not part of what the model wrote.</summary>
    internal IReadOnlyList<TextSegment> Continuation { get; init; } = [];

    /// <summary>The end of <see cref="Continuation"/> that belongs to the reply: the beginning of a call.</summary>
    internal string Forced { get; init; } = "";

    /// <summary>The whole prompt as text.</summary>
    internal string Text => Rendered.Text + string.Concat(Continuation.Select(piece => piece.Text));

    /// <summary>Whether the template has opened a block of thoughts.</summary>
    internal bool StartsInReasoning => Continuation.Count == 0 && EndsWith(Layout.Reasoning?.Open);

    /// <summary>Whether the template's own text ends with this, white space aside.</summary>
    internal bool EndsWith(string? marker) =>
        marker != null && Rendered.Segments is [.., { IsInput: false } last] && last.Text.AsSpan().TrimEnd().EndsWith(marker);
}
