using Ppd.Chat.Tools;
using Ppd.Templates;

namespace Ppd.Chat;

/// <summary>A rendered conversation and what is known about the reply to it.</summary>
/// <param name="Rendered">The conversation with the opening of the assistant's turn.</param>
/// <param name="Layout">What the reply will consist of.</param>
/// <param name="Tools">What the request says about tools; null without any.</param>
sealed record ChatPrompt(RenderedText Rendered, ReplyLayout Layout, ToolRequest? Tools)
{
    /// <summary>The whole prompt as text.</summary>
    internal string Text => Rendered.Text;

    /// <summary>Whether the template has opened a block of thoughts.</summary>
    internal bool StartsInReasoning => EndsWith(Layout.Reasoning?.Open);

    /// <summary>Whether the template's own text ends with this, white space aside.</summary>
    internal bool EndsWith(string? marker) =>
        marker != null && Rendered.Segments is [.., { IsInput: false } last] && last.Text.AsSpan().TrimEnd().EndsWith(marker);
}
