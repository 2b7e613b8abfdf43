using Ppd.Native;
using Ppd.Testing;
using Ppd.Training.Model;
using Ppd.Training.Native;
using TorchSharp;

namespace Ppd.Training.Tests;

/// <summary>A random llama of two layers, in torch and in llama.cpp.</summary>
sealed class TinyModel : IDisposable
{
    static readonly LlamaLibrary Library;

    readonly TemporaryFolder _folder = new();
    readonly GgufFile _file;

    static TinyModel()
    {
        TorchRuntime.Load(threads: 1);
        Library = LlamaLibrary.Load(null, null);
    }

    public TinyModel(RandomModelOptions? options = null)
    {
        Path = _folder["random.gguf"];
        RandomModel.Write(Path, options ?? new RandomModelOptions { Seed = 5, ContextLength = 128, VocabularySize = 300 });
        _file = GgufFile.Open(Path);
        Transformer = GgufWeights.Load(_file, Library, torch.CPU);
        Llama = LlamaModel.Load(Library, Path, gpuLayers: 0, null, default);
    }

    public string Path { get; }

    public GgufModelInfo Info => GgufModelCheck.Check(_file);

    public Transformer Transformer { get; }

    public LlamaModel Llama { get; }

    public string this[string file] => _folder[file];

    /// <summary>Tokens that are neither control nor bytes, the same for the same seed.</summary>
    public int[] Tokens(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(RandomVocabulary.MinSize, Transformer.Config.Vocabulary))];
    }

    public void Dispose()
    {
        Llama.Dispose();
        Transformer.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }
}
