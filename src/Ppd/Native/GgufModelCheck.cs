namespace Ppd.Native;

/// <summary>
/// Decides whether a model file may be handed to llama.cpp, which aborts the process on many faulty ones. Read for llama.cpp
/// v0.5.0: what passes here loads or fails cleanly there.
/// </summary>
static class GgufModelCheck
{
    const string TemplateKey = "tokenizer.chat_template";

    /// <exception cref="PpdModelLoadException">
    /// The file would abort llama.cpp, or is not a text generator that this library can drive; the message says which.
    /// </exception>
    public static GgufModelInfo Check(GgufFile file)
    {
        var architecture = GgufArchitecture.Of(file);
        var model = new GgufHyperparameters(file, architecture);
        int vocabularySize = GgufVocabularyCheck.Check(file);
        GgufTensorCheck.Check(file, model, vocabularySize);
        var metadata = file.Metadata;
        return new GgufModelInfo
        {
            Architecture = architecture.Name,
            Name = metadata.GetOrDefault("general.name", Path.GetFileNameWithoutExtension(file.Path)),
            ContextLength = model.ContextLength,
            EmbeddingLength = model.EmbeddingLength,
            BlockCount = model.BlockCount,
            HeadCount = model.HeadCount,
            HeadCountKv = model.HeadCountKv,
            HeadLength = model.HeadLength,
            ExpertCount = model.ExpertCount,
            VocabularySize = vocabularySize,
            FileType = metadata.TryGet<uint>("general.file_type", out var fileType) ? fileType : null,
            WeightType = file.Tensors.Values.GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.ByteLength))!.Key,
            ParameterCount = file.Tensors.Values.Sum(tensor => tensor.ElementCount),
            WeightBytes = file.Tensors.Values.Sum(tensor => tensor.ByteLength),
            KvBytesPerToken = (long)model.BlockCount * 2 * model.HeadCountKv * model.HeadLength * GgmlType.F16.Info().BlockBytes,
            TokenizerModel = metadata.GetRequired<string>("tokenizer.ggml.model"),
            TokenizerPre = metadata.TryGet<string>("tokenizer.ggml.pre", out var pre) ? pre : null,
            VocabularyDigest = GgufVocabularyCheck.Digest(file),
            ChatTemplate = metadata.TryGet<string>(TemplateKey, out var template) ? template : null,
            NamedChatTemplates = metadata.Keys.Where(key => key.StartsWith(TemplateKey + ".", StringComparison.Ordinal))
                .ToDictionary(key => key[(TemplateKey.Length + 1)..], metadata.GetRequired<string>),
            SlidingWindow = model.SlidingWindow,
            MultiAxisRope = model.MultiAxisRope,
            LearnedPositions = architecture.Has(GgufTraits.LearnedPositions),
            AcceptsEmbeddingRows = !architecture.Has(GgufTraits.MultiAxisRopeByKey) && !model.MultiAxisRope,
        };
    }
}
