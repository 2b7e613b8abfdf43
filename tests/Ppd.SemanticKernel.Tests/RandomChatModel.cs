using Microsoft.Extensions.DependencyInjection;
using Ppd.SemanticKernel.Tests;
using Ppd.Testing;

[assembly: AssemblyFixture(typeof(RandomChatModel))]

namespace Ppd.SemanticKernel.Tests;

/// <summary>One random model with a ChatML template for all tests, loaded once for those that do not load it themselves.</summary>
public sealed class RandomChatModel : IDisposable
{
    public const string ChatMl = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}" +
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    public const string ModelId = "random";

    public const string Prompt = "tell a tale";

    readonly TemporaryFolder _folder = new();
    readonly ServiceProvider _services;

    public RandomChatModel()
    {
        RandomModel.Write(Path, new RandomModelOptions { ChatTemplate = ChatMl, VocabularySize = 2048 });
        _services = new ServiceCollection().AddPpdChatCompletion(Options(ModelId)).AddKernel().Services.BuildServiceProvider();
    }

    public string Path => _folder["random.gguf"];

    public Kernel Kernel => new(_services);

    public IChatCompletionService Completion => _services.GetRequiredService<IChatCompletionService>();

    public IChatClient Client => _services.GetRequiredService<IChatClient>();

    public PpdModel Model => _services.GetRequiredService<PpdModel>();

    public PpdModelOptions Options(string modelId, int slots = 2) => new()
    {
        ModelPath = Path,
        ModelId = modelId,
        ContextLength = 256,
        Slots = slots,
        Threads = 1,
        GpuLayers = 0,
    };

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}
