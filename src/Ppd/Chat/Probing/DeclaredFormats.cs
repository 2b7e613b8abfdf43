using Ppd.Chat.Tools;

namespace Ppd.Chat.Probing;

/// <summary>Formats of models whose templates do not render calls of the past.</summary>
static class DeclaredFormats
{
    /// <summary>For models that were not trained to call functions: the layout that most others use, which the request then has to explain.</summary>
    internal static ToolCallFormat Generic { get; } = new("Generic", "<tool_call>\n", "\n</tool_call>\n<tool_call>\n", "\n</tool_call>", JsonObject);

    static JsonObjectCall JsonObject => new("{\"name\": \"", "\", \"arguments\": ", "}", "name", "arguments");

    static ToolCallFormat Lfm2 { get; } = new("LFM2", "<|tool_call_start|>[", ", ", "]<|tool_call_end|>", new PythonCall());

    static ToolCallFormat Granite3 { get; } = new("Granite 3", "<|tool_call|>[", ", ", "]", JsonObject);

    /// <summary>The format a template tells the model about when it lists tools.</summary>
    /// <param name="preamble">What the template says about tools.</param>
    /// <param name="specialTokens">Texts of the special tokens of the vocabulary.</param>
    internal static ToolCallFormat? Find(string preamble, IReadOnlyCollection<string> specialTokens)
    {
        if (preamble.Contains("<|tool_list_start|>", StringComparison.Ordinal) || specialTokens.Contains("<|tool_call_start|>")) return Lfm2;
        return preamble.Contains("<|tool_call|>", StringComparison.Ordinal) ? Granite3 : null;
    }
}
