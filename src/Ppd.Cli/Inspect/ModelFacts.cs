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
    RuntimeFacts Runtime)
{
    /// <summary>Whether <c>ppd chat</c> can run this model here.</summary>
    public bool Usable => ChatTemplate.Error is null && Runtime.Error is null;
}

sealed record FileFacts(string Path, long Bytes, uint GgufVersion, int Tensors);

/// <param name="ContextLength">Tokens the model was trained on at once.</param>
/// <param name="Experts">Experts per layer; 0 in a dense model.</param>
sealed record ShapeFacts(
    string Name, string Architecture, long Parameters, int Layers, int EmbeddingLength, int Heads, int KvHeads, int HeadLength, int Experts, int ContextLength);

/// <param name="Quantisation">What the file calls its mix of types; null where it does not say.</param>
sealed record WeightFacts(string? Quantisation, long Bytes, IReadOnlyList<WeightTypeFacts> Types);

/// <param name="Share">Of the bytes of all tensors, 0 to 1.</param>
sealed record WeightTypeFacts(string Type, int Tensors, long Bytes, double Share);

/// <param name="AddsBeginningOfText">What the file says about it; null where it is silent and llama.cpp's default for the tokeniser holds.</param>
sealed record TokenizerFacts(
    string Model, string? Pre, int Tokens, IReadOnlyList<SpecialTokenFacts> SpecialTokens, bool? AddsBeginningOfText, string VocabularyDigest);

/// <param name="Name">The metadata key without its prefix and <c>_token_id</c>: <c>bos</c>, <c>eot</c>, ...</param>
sealed record SpecialTokenFacts(string Name, int Id, string Text);

/// <param name="ContextLength">Tokens per conversation with default options.</param>
/// <param name="Slots">Conversations at once with default options.</param>
/// <param name="Bytes">The whole cache with default options.</param>
/// <param name="MachineBytes">Memory that this process may use.</param>
sealed record CacheFacts(long BytesPerToken, int ContextLength, int Slots, long Bytes, long MachineBytes);

/// <param name="InFile">Whether the file has a default template; ChatML is used otherwise.</param>
/// <param name="Text">The file's default template.</param>
/// <param name="Variants">Further templates by name.</param>
/// <param name="Capabilities">Found by rendering small conversations; null where the template is refused.</param>
/// <param name="Error">Why the template is refused.</param>
sealed record TemplateFacts(
    bool InFile, string? Text, IReadOnlyDictionary<string, string> Variants, ChatTemplateCapabilities? Capabilities, string? Error);

/// <param name="SlidingWindow">Tokens that some layers look back; null where all layers see everything.</param>
/// <param name="LearnedPositions">Positions past the trained context do not exist.</param>
/// <param name="AcceptsEmbeddingRows">Whether trained prompt tokens can be used.</param>
sealed record EngineFacts(int? SlidingWindow, bool LearnedPositions, bool AcceptsEmbeddingRows);

/// <param name="Error">Why no llama.cpp could be loaded; everything else is null or empty then.</param>
sealed record RuntimeFacts(string? Version, string? Layout, string? Folder, string? SystemInfo, IReadOnlyList<LlamaLibraryDevice> Devices, string? Error);
