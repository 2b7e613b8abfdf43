namespace Ppd.Templates;

/// <summary>Base of every error a template can cause. Anything else that escapes from this library is a bug.</summary>
public abstract class TemplateException : Exception
{
    private protected TemplateException(string message, int line) : base($"Chat template, line {line}: {message}") => Line = line;

    /// <summary>Line of the template, from 1, where parsing or rendering stopped.</summary>
    public int Line { get; }
}

/// <summary>The template's source is not valid Jinja, or uses a statement that chat templates cannot use (such as <c>include</c>).</summary>
public sealed class TemplateSyntaxException : TemplateException
{
    internal TemplateSyntaxException(string message, int line) : base(message, line) { }
}

/// <summary>The template called <c>raise_exception</c>: it refuses these messages, and says why in <see cref="Reason"/>.</summary>
public sealed class TemplateRaisedException : TemplateException
{
    internal TemplateRaisedException(string reason, int line) : base($"the template refused the messages: {reason}", line) => Reason = reason;

    /// <summary>The template's own words.</summary>
    public string Reason { get; }
}

/// <summary>An operation failed while rendering: an undefined variable was used, types do not fit, a filter does not exist.</summary>
public sealed class TemplateEvaluationException : TemplateException
{
    internal TemplateEvaluationException(string message, int line) : base(message, line) { }
}

/// <summary>The template exceeded one of its <see cref="TemplateLimits"/>.</summary>
public sealed class TemplateLimitException : TemplateException
{
    internal TemplateLimitException(string limit, long allowed, int line)
        : base($"stopped at the limit {limit} = {allowed:N0}. The template is broken or hostile, or the input is unusually large; "
            + $"in the latter case raise {nameof(TemplateLimits)}.{limit}.", line)
    {
        Limit = limit;
        Allowed = allowed;
    }

    /// <summary>Name of the <see cref="TemplateLimits"/> property that was exceeded.</summary>
    public string Limit { get; }

    /// <summary>The value of that property.</summary>
    public long Allowed { get; }
}
