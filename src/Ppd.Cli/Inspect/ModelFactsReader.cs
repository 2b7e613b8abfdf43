using System.Text;
using Ppd.Decoding;
using Ppd.Native;
using Ppd.Planning;
using Ppd.Templates;

namespace Ppd.Cli.Inspect;

/// <summary>Collects facts about a model file without loading its weights.</summary>
static class ModelFactsReader
{
    const string TokenPrefix = "tokenizer.ggml.";
    const string TokenSuffix = "_token_id";
    const int DefaultContextLength = 4096;  // PpdModelOptions.ContextLength: "at most"

    /// <exception cref="PpdModelLoadException">The file is refused; the message says why.</exception>
    public static ModelFacts Read(string path, string? libraryPath)
    {
        using var file = GgufFile.Open(path);
        var info = GgufModelCheck.Check(file);
        var specialTokens = SpecialTokens(file);
        return new ModelFacts(
            new FileFacts(Path.GetFullPath(path), file.Length, file.Version, file.Tensors.Count),
            new ShapeFacts(info.Name, info.Architecture, info.ParameterCount, info.BlockCount, info.EmbeddingLength, info.HeadCount, info.HeadCountKv,
                info.HeadLength, info.ExpertCount, info.ContextLength),
            Weights(file, info),
            new TokenizerFacts(info.TokenizerModel, info.TokenizerPre, info.VocabularySize, specialTokens,
                file.Metadata.TryGet<bool>(TokenPrefix + "add_bos_token", out var adds) ? adds : null, info.VocabularyDigest),
            Cache(info),
            Template(info, specialTokens),
            new EngineFacts(info.SlidingWindow, info.LearnedPositions, info.AcceptsEmbeddingRows),
            PromptTokenFactsReader.Beside(path, file),
            Runtime(libraryPath));
    }

    static WeightFacts Weights(GgufFile file, GgufModelInfo info)
    {
        var types = file.Tensors.Values.GroupBy(tensor => tensor.Type)
            .Select(group => (Type: group.Key.Info().Name, Count: group.Count(), Bytes: group.Sum(tensor => tensor.ByteLength)))
            .OrderByDescending(type => type.Bytes)
            .Select(type => new WeightTypeFacts(type.Type, type.Count, type.Bytes, (double)type.Bytes / info.WeightBytes));
        return new WeightFacts(FileTypes.Name(info.FileType), info.WeightBytes, [.. types]);
    }

    static List<SpecialTokenFacts> SpecialTokens(GgufFile file)
    {
        if (!file.Metadata.TryGetStrings(TokenPrefix + "tokens", out var texts)) return [];
        var offsets = texts.Offsets();
        var tokens = from key in file.Metadata.Keys
                     where key.StartsWith(TokenPrefix, StringComparison.Ordinal) && key.EndsWith(TokenSuffix, StringComparison.Ordinal)
                     let id = (int)file.Metadata.GetRequired<uint>(key)
                     orderby id
                     select new SpecialTokenFacts(key[TokenPrefix.Length..^TokenSuffix.Length], id, Encoding.UTF8.GetString(texts.At(offsets[id])));
        return [.. tokens];
    }

    static CacheFacts Cache(GgufModelInfo info)
    {
        var defaults = new PpdModelOptions();
        var settings = new EngineSettings(Math.Min(info.ContextLength, DefaultContextLength), defaults.Slots, defaults.QueueLimit, MachineSettings.DefaultBatchSize,
            Threads: 1, FlashAttention: false);
        return new CacheFacts(info.KvBytesPerToken, settings.ContextLength, settings.Slots, settings.Cells * info.KvBytesPerToken,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    static TemplateFacts Template(GgufModelInfo info, List<SpecialTokenFacts> specialTokens)
    {
        var source = new ChatTemplateSource
        {
            Default = info.ChatTemplate,
            Named = info.NamedChatTemplates,
            BosToken = specialTokens.Find(token => token.Name == "bos")?.Text,
            EosToken = specialTokens.Find(token => token.Name == "eos")?.Text,
        };
        ChatTemplateCapabilities? capabilities = null;
        string? error = null;
        try
        {
            capabilities = ChatTemplate.Create(source).Capabilities;
        }
        catch (TemplateException exception)
        {
            error = exception.Message;
        }
        var inFile = !string.IsNullOrWhiteSpace(info.ChatTemplate) || info.NamedChatTemplates.ContainsKey("default");
        return new TemplateFacts(inFile, info.ChatTemplate, info.NamedChatTemplates, capabilities, error);
    }

    static RuntimeFacts Runtime(string? libraryPath)
    {
        try
        {
            var library = LlamaLibrary.Load(libraryPath, logger: null);
            return new RuntimeFacts(library.Version, library.Layout.Name, library.Folder, library.SystemInfo.Trim(), library.Devices, Error: null);
        }
        catch (PpdModelLoadException exception)
        {
            return new RuntimeFacts(null, null, null, null, [], exception.Message);
        }
    }
}
