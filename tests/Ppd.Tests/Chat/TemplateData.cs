using Ppd.Chat;
using Ppd.Templates;
using Ppd.Testing;

namespace Ppd.Tests.Chat;

/// <summary>The published templates of the shared data.</summary>
static class TemplateData
{
    // what the vocabularies of these models have and their templates do not show
    static readonly Dictionary<string, string[]> SpecialTokens = new()
    {
        ["LFM2.5-Instruct"] = ["<|tool_call_start|>", "<|tool_call_end|>"],
        ["mistralai-Ministral-3-14B-Reasoning-2512"] = ["[THINK]", "[/THINK]"],
    };

    internal static IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(SharedData.Path("templates"), "*.jinja").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    internal static ChatTemplate Load(string name) => ChatTemplate.Create(new ChatTemplateSource
    {
        Default = File.ReadAllText(SharedData.Path("templates", $"{name}.jinja")),
        BosToken = "<s>",
        EosToken = "</s>",
    });

    internal static ReplyLayout Layout(string name) =>
        ReplyLayout.Probe(Load(name), SpecialTokens.GetValueOrDefault(name, []), ["</s>", "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|message_sep|>", "<|tool_response>", "<|calls|>"]);
}
