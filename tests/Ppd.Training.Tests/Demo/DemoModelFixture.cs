using Ppd.Native;
using Ppd.Testing;
using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Export;
using Ppd.Training.Demo.Training;
using Ppd.Training.Demo.Vocabulary;
using Ppd.Training.Model;
using Ppd.Training.Native;
using TorchSharp;

namespace Ppd.Training.Tests.Demo;

/// <summary>A demo model with random weights, written and loaded in llama.cpp.</summary>
public sealed class DemoModelFixture : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public DemoModelFixture()
    {
        TorchRuntime.Load(threads: 1);
        Vocabulary = DemoVocabulary.Learn(Enumerable.Range(0, 400).Select(number => LessonReader.Render(new Lessons(5).Make(number, copyShare: 0.3))), 900);
        var config = DemoModel.Config(Vocabulary.Tokens.Count) with { Layers = 2, Width = 64, Heads = 2, KeyValueHeads = 1, HeadWidth = 32, FeedForward = 96 };
        Weights = DemoModel.Initialise(config, 5);
        Transformer = new Transformer(config, Weights);
        Path = _folder["demo.gguf"];
        DemoModelFile.Write(Path, config, Vocabulary, Weights);
        using (var file = GgufFile.Open(Path)) Info = GgufModelCheck.Check(file);
        Model = LlamaModel.Load(LlamaLibrary.Load(null, null), Path, gpuLayers: 0, null, default);
    }

    internal DemoVocabulary Vocabulary { get; }

    internal Dictionary<string, torch.Tensor> Weights { get; }

    internal Transformer Transformer { get; }

    internal string Path { get; }

    internal GgufModelInfo Info { get; }

    internal LlamaModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        Transformer.Dispose();
        _folder.Dispose();
    }
}
