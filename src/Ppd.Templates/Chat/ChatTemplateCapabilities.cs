namespace Ppd.Templates;

/// <summary>What a chat template can do, found by rendering small conversations with it.</summary>
public sealed record ChatTemplateCapabilities
{
    /// <summary>System messages are rendered. When not, they are put in front of the next user turn.</summary>
    public bool SystemRole { get; init; } = true;

    /// <summary>Definitions of tools are rendered. When not, the model must be told about them in a message.</summary>
    public bool Tools { get; init; }

    /// <summary>Tool calls of earlier assistant turns are rendered.</summary>
    public bool ToolCalls { get; init; }

    /// <summary>Several tool calls in one assistant turn are rendered.</summary>
    public bool ParallelToolCalls { get; init; }

    /// <summary>Turns of the role <c>tool</c> are rendered, even behind an assistant turn whose calls are not.</summary>
    public bool ToolResults { get; init; }

    /// <summary>Arguments of calls are handed over as objects; otherwise as a string of JSON.</summary>
    public bool ObjectArguments { get; init; } = true;

    /// <summary>Content may be null beside tool calls; otherwise an empty string is handed over.</summary>
    public bool NullContent => ContentBesideCalls != ContentBesideCalls.Empty;

    /// <summary>Content must be a list of typed parts instead of a string; the text is then wrapped in one.</summary>
    public bool TypedContent { get; init; }

    /// <summary><see cref="ChatRenderOptions.EnableThinking"/> changes the text.</summary>
    public bool Thinking { get; init; }

    /// <summary>Reasoning of earlier assistant turns is rendered, at least within a running exchange of tool calls.</summary>
    public bool Reasoning => ReasoningField is not null;

    internal ContentBesideCalls ContentBesideCalls { get; init; } = ContentBesideCalls.Empty;

    /// <summary>The message field the template reads reasoning from; null when it reads none.</summary>
    internal string? ReasoningField { get; init; }

    /// <summary>Whether a turn with calls may have reasoning and text; otherwise, as in gpt-oss, the text becomes the end of the reasoning.</summary>
    internal bool ReasoningBesideText { get; init; } = true;
}
