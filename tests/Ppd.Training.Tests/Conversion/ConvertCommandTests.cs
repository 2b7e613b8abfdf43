using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;
using Ppd.Training.Commands;
using Ppd.Training.Conversion;

namespace Ppd.Training.Tests.Conversion;

public sealed class ConvertCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly CheckpointFolder _checkpoint = new();

    public ConvertCommandTests()
    {
        RandomModel.Write(Model, new RandomModelOptions { EmbeddingLength = 4, Heads = 2, KvHeads = 1 });
        _checkpoint.Set("num_attention_heads", "2").WriteConfig().WriteSafetensors();
    }

    string Model => _folder["model.gguf"];

    [Fact]
    public void File_beside_the_model_is_written_once()
    {
        Invoke().ShouldBe(0);
        using var model = GgufFile.Open(Model);
        PromptTokenFile.Read(_folder["model.ppd.gguf"], BaseModel.Of(model)).Rows.ShouldBe(CheckpointFolder.Values);
        Invoke().ShouldBe(1);
        Invoke("--out", _folder["other.ppd.gguf"]).ShouldBe(0);
        File.ReadAllBytes(_folder["other.ppd.gguf"]).ShouldBe(File.ReadAllBytes(_folder["model.ppd.gguf"]));
    }

    [Fact]
    public void Refused_checkpoint_leaves_no_file()
    {
        _checkpoint.Set("num_layers", "32").WriteConfig();
        Invoke().ShouldBe(1);
        File.Exists(_folder["model.ppd.gguf"]).ShouldBeFalse();
    }

    [Fact]
    public void Missing_model_is_an_error() => ConvertCommand.Create(new Terminal()).Parse([_checkpoint.Path, "--model", _folder["absent.gguf"]]).Invoke().ShouldBe(1);

    public void Dispose()
    {
        _checkpoint.Dispose();
        _folder.Dispose();
    }

    int Invoke(params string[] options) => ConvertCommand.Create(new Terminal()).Parse([_checkpoint.Path, "--model", Model, .. options]).Invoke();
}
