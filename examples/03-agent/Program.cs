// An agent: the model decides which functions of two plugins to call, Semantic Kernel calls them, and the model answers with what they returned.
//   dotnet run --project examples/03-agent [-- MODEL.gguf ["PROMPT"]]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
using Examples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Ppd;
using Ppd.SemanticKernel;

var modelPath = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("PPD_MODEL") ?? PpdModelOptions.DefaultModelPath;
string[] requests = args.Length > 1 ? [args[1]] : ["How much is the lamp?", "Is the kettle in stock?", "Set a timer for 5 minutes.", "What is the price of the sofa? Set a timer for 20 minutes."];

var builder = Kernel.CreateBuilder();
builder.AddPpdChatCompletion(modelPath, configure: options => options.Slots = 1);
builder.Plugins.AddFromType<ShopPlugin>("shop");
builder.Plugins.AddFromType<TimerPlugin>("timer");
builder.Services.AddSingleton<IAutoFunctionInvocationFilter, CallPrinter>();
builder.Services.Configure<PpdFunctionInvocationOptions>(options => options.MaximumIterations = 4);     // a small model may call for ever
var kernel = builder.Build();
using var services = (ServiceProvider)kernel.Services;     // frees the model at the end

var chat = kernel.GetRequiredService<IChatCompletionService>();
var settings = new PpdPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(), Temperature = 0, MaxTokens = 100 };
foreach (var request in requests)
{
    Console.WriteLine($"> {request}");
    try
    {
        var reply = await chat.GetChatMessageContentAsync(new ChatHistory([new(AuthorRole.User, request)]), settings, kernel);
        Console.WriteLine(reply.Content);
    }
    catch (PpdContextLengthException error)     // functions take room: their descriptions are part of the prompt
    {
        Console.WriteLine(error.Message);
    }
}
