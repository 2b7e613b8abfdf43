namespace Ppd.Templates;

/// <summary>What a model file says about its chat template: in GGUF the keys <c>tokenizer.chat_template</c> and <c>tokenizer.chat_template.NAME</c>.</summary>
public sealed record ChatTemplateSource
{
    /// <summary>
    /// The default template: Jinja source, or the bare name <c>chatml</c>. Null or blank means that the model has none; ChatML is then used,
    /// as llama.cpp does.
    /// </summary>
    public string? Default { get; init; }

    /// <summary>Named variants. <c>tool_use</c> is used when tools are given; <c>default</c> stands in for a missing <see cref="Default"/>.</summary>
    public IReadOnlyDictionary<string, string> Named { get; init; } = new Dictionary<string, string>();

    /// <summary>Text of the BOS token, which templates read as <c>bos_token</c>; null when the model has none.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the EOS token, which templates read as <c>eos_token</c>; null when the model has none.</summary>
    public string? EosToken { get; init; }
}
