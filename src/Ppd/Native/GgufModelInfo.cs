namespace Ppd.Native;

/// <summary>What a checked model file says about the model. Lengths are in elements unless named otherwise.</summary>
sealed record GgufModelInfo
{
    public required string Architecture { get; init; }

    /// <summary>general.name, or the file name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Tokens the model was trained on at once.</summary>
    public required int ContextLength { get; init; }

    public required int EmbeddingLength { get; init; }

    public required int BlockCount { get; init; }

    public required int HeadCount { get; init; }

    public required int HeadCountKv { get; init; }

    public required int HeadLength { get; init; }

    /// <summary>Experts per block; 0 in a dense model.</summary>
    public required int ExpertCount { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>general.file_type, where present: llama.cpp's number for the quantisation mix.</summary>
    public required uint? FileType { get; init; }

    /// <summary>The storage type that most weight bytes have.</summary>
    public required GgmlType WeightType { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>Bytes of all tensors.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of key and value cache per token when both are F16, over all blocks.</summary>
    public required long KvBytesPerToken { get; init; }

    /// <summary>tokenizer.ggml.model: <c>llama</c> or <c>gpt2</c>.</summary>
    public required string TokenizerModel { get; init; }

    /// <summary>tokenizer.ggml.pre; null where absent.</summary>
    public required string? TokenizerPre { get; init; }

    /// <summary>SHA-256 of the token texts: with the lengths above, it identifies the model family whatever its quantisation.</summary>
    public required string VocabularyDigest { get; init; }

    /// <summary>The default chat template (Jinja); null where absent.</summary>
    public required string? ChatTemplate { get; init; }

    /// <summary>Further chat templates by name, for example <c>tool_use</c>.</summary>
    public required IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; }

    /// <summary>Tokens that some blocks see back; null where every block sees all. llama.cpp drops older cells of these blocks.</summary>
    public required int? SlidingWindow { get; init; }

    /// <summary>Positions have four components (vision models): a batch of one component per row reads past its end.</summary>
    public required bool MultiAxisRope { get; init; }

    /// <summary>Positions at or past <see cref="ContextLength"/> abort the process, whatever the context size is.</summary>
    public required bool LearnedPositions { get; init; }

    /// <summary>Whether a batch may carry embedding rows; some graphs abort on one.</summary>
    public required bool AcceptsEmbeddingRows { get; init; }
}
