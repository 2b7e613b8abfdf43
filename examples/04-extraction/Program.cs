// Data from text: the reply is JSON of the record's schema whatever the model is like, because no token that would break it can be drawn.
//   dotnet run --project examples/04-extraction [-- MODEL.gguf ["ORDER"]]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
using System.Text.Json;
using Examples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Ppd;
using Ppd.SemanticKernel;

var modelPath = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("PPD_MODEL") ?? PpdModelOptions.DefaultModelPath;
string[] orders = args.Length > 1 ? [args[1]] : ["Anna from London wants 3 lamps.", "Please send 12 mugs to Peter in Rome.", "I am Maria from Paris. I need 1 sofa."];

var builder = Kernel.CreateBuilder();
builder.AddPpdChatCompletion(modelPath, configure: options => options.Slots = 1);
var kernel = builder.Build();
using var services = (ServiceProvider)kernel.Services;     // frees the model at the end

var read = kernel.CreateFunctionFromPrompt("Read this order and answer in JSON: {{$order}}",
    new PpdPromptExecutionSettings { ResponseFormat = typeof(Order), Temperature = 0, MaxTokens = 200 });
foreach (var text in orders)
{
    var reply = await kernel.InvokeAsync(read, new KernelArguments { ["order"] = text });
    // the only way to miss the schema is to run out of tokens
    var order = "stop".Equals(reply.Metadata?["FinishReason"]) ? JsonSerializer.Deserialize<Order>(reply.ToString(), JsonSerializerOptions.Web) : null;
    Console.WriteLine($"{text} -> {order?.ToString() ?? $"cut off: {reply}"}");
    Console.WriteLine($"[{reply.Metadata?[PpdGenerationStatistics.Key]}]");
}
