// The same model without Semantic Kernel: an IChatClient of Microsoft.Extensions.AI, streamed, with functions.
//   dotnet run --project examples/06-extensions-ai [-- MODEL.gguf ["PROMPT"]]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
using System.ComponentModel;
using Microsoft.Extensions.AI;
using Ppd;

var modelPath = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("PPD_MODEL") ?? PpdModelOptions.DefaultModelPath;
string[] prompts = args.Length > 1 ? [args[1]] : ["Hello!", "What is the weather in Paris?", "What colour is the vase?"];

using var client = new PpdChatClient(new PpdModelOptions { ModelPath = modelPath, Slots = 1 })
    .AsBuilder()
    .UseFunctionInvocation(configure: invoker => invoker.MaximumIterationsPerRequest = 4)
    .Build();
var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 100, Tools = [AIFunctionFactory.Create(GetWeather, "get_weather")] };
List<ChatMessage> conversation = [];
foreach (var prompt in prompts)
{
    Console.WriteLine($"> {prompt}");
    conversation.Add(new ChatMessage(ChatRole.User, prompt));
    List<ChatResponseUpdate> updates = [];
    try
    {
        await foreach (var update in client.GetStreamingResponseAsync(conversation, options))
        {
            Console.Write(update.Text);
            updates.Add(update);
        }
    }
    catch (PpdContextLengthException error)
    {
        Console.WriteLine(error.Message);
        break;
    }
    conversation.AddMessages(updates);
    Console.WriteLine($"\n[{updates[^1].AdditionalProperties?[PpdGenerationStatistics.Key]}]");
}

[Description("Gets the weather of a city.")]
static string GetWeather(string city) => city == "Paris" ? "rainy, 14 degrees" : "sunny, 25 degrees";
