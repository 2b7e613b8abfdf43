namespace Ppd.Templates;

/// <summary>The variables every chat template may read, named as in Hugging Face transformers.</summary>
static class TemplateVariables
{
    public static Dictionary<string, object?> Build(ChatTemplateSource source, ChatRenderOptions options, IReadOnlyList<object?> messages)
    {
        var variables = new Dictionary<string, object?> { ["documents"] = null };
        if (options.EnableThinking is { } thinking)
        {
            variables["enable_thinking"] = thinking;
            // The name DeepSeek and Granite templates use.
            variables["thinking"] = thinking;
        }
        foreach (var (name, value) in options.Variables ?? new Dictionary<string, object?>())
            variables[name] = value;
        variables["messages"] = messages;
        variables["tools"] = options.Tools is { Count: > 0 } tools ? tools : null;
        variables["add_generation_prompt"] = options.AddGenerationPrompt;
        variables["bos_token"] = new TrustedText(source.BosToken ?? "");
        variables["eos_token"] = new TrustedText(source.EosToken ?? "");
        return variables;
    }
}
