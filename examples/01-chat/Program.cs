// A streamed chat with Semantic Kernel on a local model; each reply ends with what it took.
//   dotnet run --project examples/01-chat                             a chat with the small model that comes along, one prompt a line
//   dotnet run --project examples/01-chat -- [MODEL.gguf] ["PROMPT"]   with a prompt it answers and ends; PPD_MODEL=MODEL.gguf works too
// PPD_TEMPLATE may name a Jinja file for a model whose file has no chat template.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Ppd;
using Ppd.SemanticKernel;

// a single argument that names no GGUF file is the prompt
var path = args.Length > 1 || args.FirstOrDefault()?.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) == true ? args[0] : null;
var modelPath = path ?? Environment.GetEnvironmentVariable("PPD_MODEL");

try
{
    await Chat(modelPath, prompt: args.ElementAtOrDefault(path == null ? 0 : 1));
    return 0;
}
catch (PpdException error)      // a file that is not there or not a model, a conversation longer than the context, ...
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static async Task Chat(string? modelPath, string? prompt)
{
    var builder = Kernel.CreateBuilder();
    builder.AddPpdChatCompletion(modelPath ?? PpdModelOptions.DefaultModelPath, configure: options =>
    {
        options.Slots = 1;
        if (Environment.GetEnvironmentVariable("PPD_TEMPLATE") is { Length: > 0 } template) options.ChatTemplate = File.ReadAllText(template);
    });
    var kernel = builder.Build();
    using var services = (ServiceProvider)kernel.Services;     // frees the model at the end
    var chat = kernel.GetRequiredService<IChatCompletionService>();
    var settings = new PpdPromptExecutionSettings { MaxTokens = 150, Temperature = 0.7f };
    var history = new ChatHistory();

    foreach (var question in prompt is null ? Prompts() : [prompt])
    {
        history.AddUserMessage(question);
        var reply = "";
        object? statistics = null;
        await foreach (var update in chat.GetStreamingChatMessageContentsAsync(history, settings, kernel))
        {
            Console.Write(update.Content);
            reply += update.Content;
            update.Metadata?.TryGetValue(PpdGenerationStatistics.Key, out statistics);
        }
        history.AddAssistantMessage(reply);
        Console.WriteLine($"\n[{statistics}]");
    }
}

static IEnumerable<string> Prompts()
{
    if (!Console.IsInputRedirected) Console.WriteLine("Ask something; an empty line ends the chat.");
    while (true)
    {
        if (!Console.IsInputRedirected) Console.Write("> ");
        if (Console.ReadLine() is not { Length: > 0 } line) yield break;
        yield return line;
    }
}
