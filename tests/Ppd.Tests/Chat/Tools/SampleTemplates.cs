using Ppd.Chat;
using Ppd.Templates;

namespace Ppd.Tests.Chat.Tools;

/// <summary>Small templates in the manner of model families, with tools, calls and results; written for these tests.</summary>
static class SampleTemplates
{
    internal const string Hermes = """
        {%- if tools %}<|im_start|>system
        Tools:{% for tool in tools %} {{ tool | tojson }}{% endfor %}<|im_end|>
        {% endif %}
        {%- for m in messages %}<|im_start|>{{ 'user' if m.role == 'tool' else m.role }}
        {% if m.role == 'tool' %}<tool_response>{{ m.content }}</tool_response>{% else %}{% if m.reasoning_content %}<think>
        {{ m.reasoning_content }}
        </think>

        {% endif %}{{ m.content }}{% endif %}{% for call in m.tool_calls %}
        <tool_call>
        {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
        </tool_call>{% endfor %}<|im_end|>
        {% endfor %}
        {%- if add_generation_prompt %}<|im_start|>assistant
        {% if enable_thinking is defined and enable_thinking is false %}<think>

        </think>

        {% endif %}{% endif %}
        """;

    /// <summary>Opens the block of thoughts by itself.</summary>
    internal const string ThinksAtOnce = """
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}
        {%- if add_generation_prompt %}<|assistant|><think>
        {% endif %}
        """;

    internal const string Llama = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{% if m.tool_calls %}{% if m.tool_calls | length != 1 %}{{ raise_exception('one call at a time') }}{% endif %}
        {%- set call = m.tool_calls[0].function %}{"name": "{{ call.name }}", "parameters": {{ call.arguments | tojson }}}{% else %}{{ m.content }}{% endif %}<|eot|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    internal const string Coder = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}<|{{ m.role }}|>{{ m.content }}{% for call in m.tool_calls %}
        <tool_call>
        <function={{ call.function.name }}>
        {% for name, value in call.function.arguments | items %}<parameter={{ name }}>
        {{ value if value is string else value | tojson }}
        </parameter>
        {% endfor %}</function>
        </tool_call>{% endfor %}<|eot|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    internal const string Mistral = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}{% if m.role == 'user' %}[INST]{{ m.content }}[/INST]{% elif m.role == 'tool' %}[RESULT]{{ m.tool_call_id }}:{{ m.content }}[/RESULT]{% else %}{{ m.content }}{% endif %}
        {%- for call in m.tool_calls %}[TOOL_CALLS]{{ call.function.name }}[CALL_ID]{{ call.id }}[ARGS]{{ call.function.arguments | tojson }}{% endfor %}{% if m.role == 'assistant' %}</s>{% endif %}{% endfor %}
        """;

    internal const string Harmony = """
        {%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}
        {%- for m in messages %}{% if m.tool_calls %}{% if m.thinking and m.content %}{{ raise_exception('Pass one of content and thinking beside calls.') }}{% endif %}{% if m.thinking %}<|start|>assistant<|channel|>analysis<|message|>{{ m.thinking }}<|end|>{% endif %}{% set call = m.tool_calls[0].function -%}
        <|start|>assistant to=functions.{{ call.name }}<|channel|>commentary json<|message|>{{ call.arguments | tojson }}<|call|>
        {%- elif m.role == 'tool' %}<|start|>functions.{{ m.name }} to=assistant<|channel|>commentary<|message|>{{ m.content }}<|end|>
        {%- elif m.role == 'assistant' %}<|start|>assistant<|channel|>final<|message|>{{ m.content }}<|end|>
        {%- else %}<|start|>{{ m.role }}<|message|>{{ m.content }}<|end|>{% endif %}{% endfor %}
        {%- if add_generation_prompt %}<|start|>assistant{% endif %}
        """;

    /// <summary>Knows no tools; insists on alternating roles, as Gemma 2 does.</summary>
    internal const string Plain = """
        {%- for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}
        {%- if add_generation_prompt %}<|assistant|>{% endif %}
        """;

    internal static ChatTemplate Load(string template) => ChatTemplate.Create(new ChatTemplateSource { Default = template, EosToken = "</s>" });

    internal static ReplyLayout Layout(string template) => ReplyLayout.Probe(Load(template), [], ["</s>"]);
}
