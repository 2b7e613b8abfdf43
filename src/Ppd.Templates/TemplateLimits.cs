namespace Ppd.Templates;

/// <summary>
/// What a template may use up before it is stopped with a <see cref="TemplateLimitException"/>. A template comes from a model file, so it is
/// not trusted: without these it could hang the process, fill its memory or overflow its stack.
/// </summary>
public sealed record TemplateLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Longest template source, in characters. Default 1,048,576; the longest published templates have about 20,000.</summary>
    public int MaxTemplateLength { get; init; } = 1 << 20;

    /// <summary>
    /// Deepest nesting: of brackets and blocks while parsing; of expressions, blocks, macro calls and values taken together while rendering.
    /// Default 500. Rendering also stops when the thread's stack runs low, whatever this says.
    /// </summary>
    public int MaxDepth { get; init; } = 500;

    /// <summary>
    /// Most evaluation steps of one render. One step is one expression, statement or list element, or eight characters of text made,
    /// copied or searched, so this bounds memory too. Default 10,000,000: one to three seconds.
    /// </summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Longest text a render may produce, and longest string it may build on the way, in characters. Default 16,777,216.</summary>
    public int MaxOutputLength { get; init; } = 1 << 24;

    /// <summary>Most numbers in one <c>range(...)</c>. Default 100,000, as in Jinja2's sandbox.</summary>
    public int MaxRangeLength { get; init; } = 100_000;

    /// <summary>
    /// Whether a template may change its own lists and dicts with <c>append</c>, <c>pop</c>, <c>update</c> and the like. Default
    /// <see langword="false"/>, as in the sandbox that Hugging Face transformers uses; llama.cpp allows it. The caller's objects are copied
    /// before a render and never change.
    /// </summary>
    public bool AllowMutation { get; init; }
}
