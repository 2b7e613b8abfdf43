// A hosted worker: conversations arrive on a channel, several go on at once on one model, and the host stops when the work is done.
//   dotnet run --project examples/02-worker [-- MODEL.gguf]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
// The model's options stand in appsettings.json. They are checked and the model is loaded and warmed up before the worker starts.
using System.Threading.Channels;
using Examples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var modelPath = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("PPD_MODEL");

var host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
if (modelPath != null) host.Configuration["Ppd:ModelPath"] = modelPath;
host.Services.AddPpdChatCompletion(host.Configuration.GetSection("Ppd")).AddPpdWarmUp();
host.Services.AddHealthChecks().AddPpd();
host.Services.AddKernel();
host.Services.AddSingleton(Channel.CreateBounded<Conversation>(16));
host.Services.AddHostedService<ConversationWorker>();
using var app = host.Build();

var work = app.Services.GetRequiredService<Channel<Conversation>>().Writer;
foreach (var product in new[] { "lamp", "kettle", "clock", "vase", "desk" })
    await work.WriteAsync(new Conversation(product, [$"What does the {product} cost?", $"Which colour does the {product} have?"]));
await work.WriteAsync(new Conversation("fox", ["Tell me a story about a fox.", "Thank you!"]));
work.Complete();

await app.RunAsync();
return Environment.ExitCode;
