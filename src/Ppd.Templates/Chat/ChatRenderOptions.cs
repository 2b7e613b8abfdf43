using System.Text.Json;

namespace Ppd.Templates;

/// <summary>What to render besides the messages.</summary>
public sealed record ChatRenderOptions
{
    /// <summary>
    /// Functions the model may call, each as <c>{"type": "function", "function": {"name", "description", "parameters"}}</c>. They count as
    /// the caller's input. None when empty or null.
    /// </summary>
    public IReadOnlyList<JsonElement>? Tools { get; init; }

    /// <summary>Whether to end with the opening of the assistant's next turn. Default <see langword="true"/>.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Asks for thinking or for none, as <c>enable_thinking</c> and <c>thinking</c>; null leaves it to the template.</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>
    /// Further variables for the template, of the types <see cref="JinjaTemplate.Render"/> takes. Strings are input unless wrapped in
    /// <see cref="TrustedText"/>. They cannot replace <c>messages</c>, <c>tools</c>, <c>add_generation_prompt</c> or the token texts.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Variables { get; init; }

    /// <summary>Where templates that print the date take it from. Default the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
