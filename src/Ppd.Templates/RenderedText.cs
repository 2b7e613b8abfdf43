namespace Ppd.Templates;

/// <summary>A piece of rendered text and where it came from.</summary>
/// <param name="Text">The piece, never empty.</param>
/// <param name="IsInput">
/// <see langword="true"/> when the caller supplied it: tokenise it with special tokens off, so that a marker typed by a user stays plain text.
/// </param>
public readonly record struct TextSegment(string Text, bool IsInput);

/// <summary>The result of rendering a template.</summary>
public sealed class RenderedText
{
    internal RenderedText(string text, IReadOnlyList<TextSegment> segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The whole text: all segments one after the other.</summary>
    public string Text { get; }

    /// <summary>The text in pieces; neighbours always differ in origin.</summary>
    public IReadOnlyList<TextSegment> Segments { get; }

    /// <summary>
    /// Whether the text starts with the model's BOS token, written by the template itself. A tokeniser that adds BOS on its own must then be
    /// told not to. Always <see langword="false"/> for a template rendered without a <see cref="ChatTemplate"/>, which knows no BOS.
    /// </summary>
    public bool StartsWithBos { get; internal init; }

    /// <summary>The whole text.</summary>
    public override string ToString() => Text;
}
