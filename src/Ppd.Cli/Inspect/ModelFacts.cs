using Ppd.Native;
using Ppd.Templates;

namespace Ppd.Cli.Inspect;

/// <summary>All that <c>ppd inspect</c> shows; with <c>--json</c>, the names here are the names there. Sizes are in bytes.</summary>
sealed record ModelFacts(
    FileFacts File,
    ShapeFacts Model,
    WeightFacts Weights,
    TokenizerFacts Tokenizer,
    CacheFacts Cache,
    TemplateFacts ChatTemplate,
    EngineFacts Engine,
    PromptTokenFacts? PromptTokens,
    RuntimeFacts Runtime)
{
    /// <summary>Whether <c>ppd chat</c> can run this model here, with the prompt tokens beside it if there are any.</summary>
    public bool Usable => Obstacle is null;

    /// <summary>Why it cannot.</summary>
    internal string? Obstacle => ChatTemplate.Error is not null ? "its chat template is refused"
        : Runtime.Error is not null ? "there is no llama.cpp to run it"
        : PromptTokens?.Error is not null ? "the prompt tokens beside it are refused; remove them, or use --prompt-tokens off"
        : PromptTokens is not null && !Engine.AcceptsEmbeddingRows ? "there are prompt tokens beside it, but it takes no embedding rows; remove them, or use --prompt-tokens off"
        : null;
}

sealed record FileFacts(string Path, long Bytes, uint GgufVersion, int Tensors);

// ContextLength: Tokens the model was trained on at once.
// Experts: Experts per layer; 0 in a dense model.
sealed record ShapeFacts(
    string Name, string Architecture, long Parameters, int Layers, int EmbeddingLength, int Heads, int KvHeads, int HeadLength, int Experts, int ContextLength);

// Quantisation: What the file calls its mix of types; null where it does not say.
sealed record WeightFacts(string? Quantisation, long Bytes, IReadOnlyList<WeightTypeFacts> Types);

// Share: Of the bytes of all tensors, 0 to 1.
sealed record WeightTypeFacts(string Type, int Tensors, long Bytes, double Share);

// AddsBeginningOfText: What the file says about it; null where it is silent and llama.cpp's default for the tokeniser holds.
sealed record TokenizerFacts(
    string Model, string? Pre, int Tokens, IReadOnlyList<SpecialTokenFacts> SpecialTokens, bool? AddsBeginningOfText, string VocabularyDigest);

// Name: The metadata key without its prefix and _token_id: bos, eot, ...
sealed record SpecialTokenFacts(string Name, int Id, string Text);

// ContextLength: Tokens per conversation with default options.
// Slots: Conversations at once with default options.
// Bytes: The whole cache with default options.
// MachineBytes: Memory that this process may use.
sealed record CacheFacts(long BytesPerToken, int ContextLength, int Slots, long Bytes, long MachineBytes);

// InFile: Whether the file has a default template; ChatML is used otherwise.
// Text: The file's default template.
// Variants: Further templates by name.
// Capabilities: Found by rendering small conversations; null where the template is refused.
// Error: Why the template is refused.
sealed record TemplateFacts(
    bool InFile, string? Text, IReadOnlyDictionary<string, string> Variants, ChatTemplateCapabilities? Capabilities, string? Error);

// SlidingWindow: Tokens that some layers look back; null where all layers see everything.
// LearnedPositions: Positions past the trained context do not exist.
// AcceptsEmbeddingRows: Whether trained prompt tokens can be used.
sealed record EngineFacts(int? SlidingWindow, bool LearnedPositions, bool AcceptsEmbeddingRows);

// Error: Why no llama.cpp could be loaded; everything else is null or empty then.
sealed record RuntimeFacts(string? Version, string? Layout, string? Folder, string? SystemInfo, IReadOnlyList<LlamaLibraryDevice> Devices, string? Error);
