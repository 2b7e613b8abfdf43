using Ppd.Testing;

namespace Ppd.Cli.Tests;

/// <summary>A small model with random weights and a ChatML template, for the tests of one class.</summary>
public sealed class RandomModelFile : IDisposable
{
    internal const string Template = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    readonly TemporaryFolder _folder = new();

    public RandomModelFile() => RandomModel.Write(Path, new RandomModelOptions { Seed = 7, ChatTemplate = Template });

    internal string Path => _folder["random.gguf"];

    internal string Beside(string fileName) => _folder[fileName];

    public void Dispose() => _folder.Dispose();
}
