using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Decoding;

/// <summary>Models shared by the tests of this assembly: a random one that is always there, real ones where the shared data is.</summary>
static class TestModels
{
    static readonly Lazy<string> Random = new(() => Write("ppd-test-random.gguf", new RandomModelOptions { Seed = 7 }));
    static readonly Dictionary<string, LlamaModel> Loaded = [];

    internal const string Stories = "stories260K";
    internal const string Cardputer = "cardputer-chat-3M";

    /// <summary>llama, grouped-query attention 4/2, two layers, 512 tokens of vocabulary and of context, F32.</summary>
    internal static string RandomPath => Random.Value;

    internal static string Path(string name) => name == "random" ? RandomPath : SharedData.Path("models", name, $"{name}-f32.gguf");

    internal static void SkipUnlessAvailable(string name) => Assert.SkipUnless(name == "random" || SharedData.Available, SharedData.Missing);

    internal static LlamaModel Load(string name)
    {
        lock (Loaded)
        {
            if (Loaded.TryGetValue(name, out var model)) return model;
            return Loaded[name] = LlamaModel.Load(LlamaLibrary.Load(null, null), Path(name), gpuLayers: 0, null, default);
        }
    }

    internal static string Write(string file, RandomModelOptions options)
    {
        var path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("ppd-tests-").FullName, file);
        RandomModel.Write(path, options);
        return path;
    }
}
