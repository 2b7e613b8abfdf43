namespace Ppd.Training.Demo;

/// <summary>
/// The demo model's chat template: ChatML turns, tools and calls in the Hermes/Qwen layout. Of a tool only the name, the description and the type of each
/// argument are shown, so a schema may carry anything else without the small model noticing.
/// </summary>
static class DemoTemplate
{
    /// <summary>Jinja source, as stored under <c>tokenizer.chat_template</c>.</summary>
    public const string Source =
        """
        {%- macro turn(role, content) -%}
        {{- '<|im_start|>' + role + '\n' + content + '<|im_end|>\n' -}}
        {%- endmacro -%}
        {%- if messages[0].role == 'system' -%}
            {%- set system = messages[0].content -%}
            {%- set turns = messages[1:] -%}
        {%- else -%}
            {%- set system = '' -%}
            {%- set turns = messages -%}
        {%- endif -%}
        {%- if tools -%}
            {{- '<|im_start|>system\n' -}}
            {%- if system -%}
                {{- system + '\n\n' -}}
            {%- endif -%}
            {{- '# Tools\n<tools>' -}}
            {%- for tool in tools -%}
                {%- set function = tool.function if tool.function is defined else tool -%}
                {{- '\n{"name": ' + function.name | tojson -}}
                {%- if function.description -%}
                    {{- ', "description": ' + function.description | tojson -}}
                {%- endif -%}
                {{- ', "parameters": {' -}}
                {%- if function.parameters and function.parameters.properties -%}
                    {%- for key, schema in function.parameters.properties | items -%}
                        {%- set type = schema.type if schema.type is string else (schema.type or ['string']) | reject('equalto', 'null') | first -%}
                        {{- (', ' if not loop.first else '') + key | tojson + ': ' + type | tojson -}}
                    {%- endfor -%}
                {%- endif -%}
                {{- '}}' -}}
            {%- endfor -%}
            {{- '\n</tools>\nTo use a tool, reply <tool_call>\n{"name": NAME, "arguments": {...}}\n</tool_call><|im_end|>\n' -}}
        {%- elif system -%}
            {{- turn('system', system) -}}
        {%- endif -%}
        {%- for message in turns -%}
            {%- if message.role == 'tool' -%}
                {%- if loop.first or loop.previtem.role != 'tool' -%}
                    {{- '<|im_start|>user' -}}
                {%- endif -%}
                {{- '\n<tool_response>\n' + message.content + '\n</tool_response>' -}}
                {%- if loop.last or loop.nextitem.role != 'tool' -%}
                    {{- '<|im_end|>\n' -}}
                {%- endif -%}
            {%- elif message.role == 'assistant' and message.tool_calls -%}
                {{- '<|im_start|>assistant\n' + (message.content or '') -}}
                {%- for call in message.tool_calls -%}
                    {%- if message.content or not loop.first -%}
                        {{- '\n' -}}
                    {%- endif -%}
                    {%- set arguments = call.function.arguments -%}
                    {{- '<tool_call>\n{"name": ' + call.function.name | tojson + ', "arguments": ' -}}
                    {{- (arguments if arguments is string else arguments | tojson) + '}\n</tool_call>' -}}
                {%- endfor -%}
                {{- '<|im_end|>\n' -}}
            {%- else -%}
                {{- turn(message.role, message.content or '') -}}
            {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;
}
