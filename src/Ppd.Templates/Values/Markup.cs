using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>HTML escaping, which only templates that use <c>safe</c> or <c>escape</c> meet.</summary>
static class Markup
{
    /// <summary>Joins two strings; when one is markup the other is escaped first and the result is markup.</summary>
    public static MarkedString Add(Execution execution, MarkedString left, MarkedString right)
    {
        var isMarkup = left.IsMarkup || right.IsMarkup;
        if (isMarkup)
            (left, right) = (Escape(execution, left), Escape(execution, right));
        return new MarkedBuilder(execution).Append(left).Append(right).Build().AsMarkup(isMarkup);
    }

    public static MarkedString Escape(Execution execution, MarkedString text)
    {
        if (text.IsMarkup)
            return text;
        var builder = new MarkedBuilder(execution);
        for (var i = 0; i < text.RunCount; i++)
        {
            var (start, length, isInput) = text.Run(i);
            foreach (var c in text.Text.AsSpan(start, length))
            {
                var entity = c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&#34;", '\'' => "&#39;", _ => null };
                builder.Append(entity is null ? [c] : entity.AsSpan(), isInput);
            }
        }
        return builder.Build().AsMarkup();
    }
}
