namespace Ppd.Templates;

/// <summary>One template of a model with its capabilities, probed on first use.</summary>
sealed class TemplateVariant
{
    readonly Lazy<ChatTemplateCapabilities> _capabilities;

    public TemplateVariant(string source, ChatTemplateSource tokens, TemplateLimits limits)
    {
        Template = JinjaTemplate.Parse(source, limits);
        _capabilities = new(() => new CapabilityProbe(Template, tokens, limits).Run());
    }

    public JinjaTemplate Template { get; }

    public ChatTemplateCapabilities Capabilities => _capabilities.Value;
}
