using Microsoft.Extensions.DependencyInjection;
using Ppd.Testing;

namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>A kernel over a model that says what a test wants, with two plugins that note their calls. The whole pipeline is the real one.</summary>
sealed class ScriptedKernel : IDisposable
{
    /// <summary>In the manner of Hermes; its last token tells how many results there are, so that every round of a conversation has its own script.</summary>
    const string Template = """
        {%- if tools %}<|im_start|>system
        {% for tool in tools %}{{ tool | tojson }}
        {% endfor %}<|im_end|>
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
        {% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}<|round_{{ messages | selectattr('role', 'equalto', 'tool') | list | length }}|>{% endif %}
        """;

    readonly TemporaryFolder _folder = new();
    readonly ServiceProvider _services;

    /// <param name="rounds">What the model says with no result in the conversation, with one, and so on.</param>
    public ScriptedKernel(params string[] rounds) : this(rounds, [], Template) { }

    public ScriptedKernel(string[] rounds, (string After, string Text)[] more, string template, params string[] controls)
    {
        var model = new ScriptedModel(controls);
        for (var i = 0; i < rounds.Length; i++) model.Say($"<|round_{i}|>", rounds[i]);
        foreach (var (after, text) in more) model.Say(after, text);
        model.Write(_folder["scripted.gguf"], template);
        _services = new ServiceCollection()
            .AddPpdChatCompletion(new PpdModelOptions { ModelPath = _folder["scripted.gguf"], ContextLength = 2048, Slots = 1, Threads = 1, GpuLayers = 0 })
            .AddKernel().Services.BuildServiceProvider();
        Kernel = new Kernel(_services);
        Kernel.Plugins.AddFromFunctions("Weather",
        [
            KernelFunctionFactory.CreateFromMethod((string city, int days = 1) => city == "Atlantis" ? throw new InvalidOperationException("It sank.") : Note($"Forecast({city}, {days})", $"rain in {city}"), "Forecast", "Tells the weather of a city."),
        ]);
        Kernel.Plugins.AddFromFunctions("Mail",
        [
            KernelFunctionFactory.CreateFromMethod((string to, string text) => Note($"Send({to}, {text})", "sent"), "Send", "Sends a message."),
        ]);
    }

    public Kernel Kernel { get; }

    /// <summary>Calls of the plugins' functions, in order.</summary>
    public List<string> Calls { get; } = [];

    public IChatCompletionService Completion => _services.GetRequiredService<IChatCompletionService>();

    public IChatClient Client => _services.GetRequiredService<IChatClient>();

    public PpdModel Model => _services.GetRequiredService<PpdModel>();

    public static PpdPromptExecutionSettings Settings(FunctionChoiceBehavior? choice = null) => new() { Temperature = 0, FunctionChoiceBehavior = choice, MaxTokens = 300 };

    public static string Call(string name, string arguments) => $$"""
        <tool_call>
        {"name": "{{name}}", "arguments": {{arguments}}}
        </tool_call>
        """;

    string Note(string call, string result)
    {
        Calls.Add(call);
        return result;
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}
