namespace Ppd.Templates;

/// <summary>
/// A model's chat template, with what real templates need around the engine: variants, missing templates and roles, and arguments and content
/// in the form the template can read. Immutable; renders may run concurrently.
/// </summary>
public sealed class ChatTemplate
{
    readonly ChatTemplateSource _source;
    readonly TemplateVariant _default;
    readonly TemplateVariant _withTools;

    ChatTemplate(ChatTemplateSource source, TemplateVariant @default, TemplateVariant withTools)
    {
        _source = source;
        _default = @default;
        _withTools = withTools;
    }

    /// <summary>What this template can do; of the <c>tool_use</c> variant, where there is one, in all that concerns tools.</summary>
    public ChatTemplateCapabilities Capabilities
    {
        get
        {
            var tools = _withTools.Capabilities;
            return _default.Capabilities with
            {
                Tools = tools.Tools,
                ToolCalls = tools.ToolCalls,
                ParallelToolCalls = tools.ParallelToolCalls,
                ToolResults = tools.ToolResults,
                ObjectArguments = tools.ObjectArguments,
                ContentBesideCalls = tools.ContentBesideCalls,
            };
        }
    }

    /// <summary>Parses the templates of a model. Nothing is rendered yet: capabilities are probed when first needed, and probing never fails.</summary>
    /// <param name="source">Templates and token texts as the model file gives them.</param>
    /// <param name="limits">
    /// Bounds for parsing and rendering. When null the defaults, with <see cref="TemplateLimits.AllowMutation"/> on: templates in GGUF files
    /// are written for llama.cpp too, and some append to their own lists.
    /// </param>
    /// <exception cref="TemplateSyntaxException">A template is not valid, or is a mere name other than <c>chatml</c>.</exception>
    /// <exception cref="TemplateLimitException">A template is too long or nested too deeply.</exception>
    public static ChatTemplate Create(ChatTemplateSource source, TemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        limits ??= TemplateLimits.Default with { AllowMutation = true };
        var text = string.IsNullOrWhiteSpace(source.Default) ? source.Named.GetValueOrDefault("default") : source.Default;
        var @default = new TemplateVariant(BuiltInTemplates.Resolve(text), source, limits);
        var withTools = source.Named.TryGetValue("tool_use", out var toolUse)
            ? new TemplateVariant(BuiltInTemplates.Resolve(toolUse), source, limits)
            : @default;
        return new ChatTemplate(source, @default, withTools);
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="messages">The turns, oldest first. Their order is kept.</param>
    /// <param name="options">Tools and switches; none when null.</param>
    /// <exception cref="TemplateException">The template refused the messages, failed, or exceeded a limit; see the derived types.</exception>
    public RenderedText Render(IReadOnlyList<TemplateMessage> messages, ChatRenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new ChatRenderOptions();
        var variant = options.Tools is { Count: > 0 } ? _withTools : _default;
        var variables = TemplateVariables.Build(_source, options, MessageShaper.Shape(messages, variant.Capabilities));
        var rendered = variant.Template.Render(variables, options.Clock);
        return new RenderedText(rendered.Text, rendered.Segments) { StartsWithBos = StartsWithBos(rendered) };
    }

    // Only a BOS that the template wrote counts; a user may type one too.
    bool StartsWithBos(RenderedText rendered) =>
        _source.BosToken is { Length: > 0 } bos && rendered.Segments is [{ IsInput: false } first, ..] && first.Text.StartsWith(bos, StringComparison.Ordinal);
}
