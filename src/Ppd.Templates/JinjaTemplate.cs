using Ppd.Templates.Library;
using Ppd.Templates.Nodes;
using Ppd.Templates.Runtime;
using Ppd.Templates.Syntax;
using Ppd.Templates.Values;

namespace Ppd.Templates;

/// <summary>
/// A parsed Jinja template. Behaves as Jinja2 with the settings of Hugging Face transformers (<c>trim_blocks</c>, <c>lstrip_blocks</c>, loop
/// controls, <c>raise_exception</c>, <c>strftime_now</c>, plain <c>tojson</c>). Immutable; renders may run concurrently.
/// </summary>
public sealed class JinjaTemplate
{
    readonly Block _body;
    readonly TemplateLimits _limits;

    JinjaTemplate(Block body, TemplateLimits limits)
    {
        _body = body;
        _limits = limits;
    }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja source.</param>
    /// <param name="limits">Bounds for parsing and for every render; <see cref="TemplateLimits.Default"/> when null.</param>
    /// <exception cref="TemplateSyntaxException">The source is not a valid template.</exception>
    /// <exception cref="TemplateLimitException">The source is too long or nested too deeply.</exception>
    public static JinjaTemplate Parse(string source, TemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        limits ??= TemplateLimits.Default;
        if (source.Length > limits.MaxTemplateLength)
            throw new TemplateLimitException(nameof(TemplateLimits.MaxTemplateLength), limits.MaxTemplateLength, 1);
        return new JinjaTemplate(StatementParser.Parse(source, limits), limits);
    }

    /// <summary>Renders the template.</summary>
    /// <param name="variables">
    /// Values by name: string (the caller's input), <see cref="TrustedText"/>, bool, numbers, null, JsonElement, JsonNode, lists, and
    /// dictionaries with string keys, nested as needed. They are copied first; nothing here changes.
    /// </param>
    /// <param name="clock">Where <c>strftime_now</c> takes the local time from; the system's when null.</param>
    /// <exception cref="TemplateException">The template refused the input, failed, or exceeded a limit; see the derived types.</exception>
    public RenderedText Render(IReadOnlyDictionary<string, object?> variables, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return RenderWithin(variables, clock ?? TimeProvider.System, _limits);
    }

    internal RenderedText RenderWithin(IReadOnlyDictionary<string, object?> variables, TimeProvider clock, TemplateLimits limits)
    {
        var execution = new Execution(limits, clock);
        var context = new Scope(Globals.Scope());
        foreach (var (name, value) in variables)
            context.Set(name, InputConverter.Convert(execution, value));
        _body.Execute(execution, new Scope(context));
        var text = execution.Output.Build();
        return new RenderedText(text.Text, text.ToSegments());
    }
}
