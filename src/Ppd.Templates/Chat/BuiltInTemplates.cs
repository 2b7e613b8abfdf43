namespace Ppd.Templates;

/// <summary>Templates used when a model brings none of its own.</summary>
static class BuiltInTemplates
{
    const string ChatMl =
        """
        {%- for message in messages -%}
            {{- '<|im_start|>' + message.role + '\n' + (message.content or '') + '<|im_end|>\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;

    const int LongestName = 64;

    /// <summary>The Jinja source behind what a model file gives: itself, or the template it names.</summary>
    public static string Resolve(string? given)
    {
        if (string.IsNullOrWhiteSpace(given))
            return ChatMl;
        var name = given.Trim();
        if (name == "chatml")
            return ChatMl;
        if (name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new TemplateSyntaxException($"'{name}' is only the name of a layout, not a template. Known here: chatml. The model file was "
                + "probably converted for a program with built-in layouts; give the model's Jinja template instead", 1);
        }
        return given;
    }
}
