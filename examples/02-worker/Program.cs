// A hosted worker: prompts arrive on a channel, several are answered at once by one model, and the host stops when the work is done.
//   dotnet run --project examples/02-worker [-- MODEL.gguf]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
using System.Threading.Channels;
using Examples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ppd;

var modelPath = args.ElementAtOrDefault(0) ?? Environment.GetEnvironmentVariable("PPD_MODEL");

var host = Host.CreateApplicationBuilder();
host.Services.AddPpdChatCompletion(modelPath ?? PpdModelOptions.DefaultModelPath, configure: options => options.Slots = ReplyWorker.Concurrency);
host.Services.AddKernel();
host.Services.AddSingleton(Channel.CreateBounded<string>(16));
host.Services.AddHostedService<ReplyWorker>();
using var app = host.Build();

var work = app.Services.GetRequiredService<Channel<string>>().Writer;
foreach (var topic in new[] { "a small dog", "the sea", "a red ball", "an old tree", "the moon", "a kind king" }) await work.WriteAsync($"Tell me about {topic}.");
work.Complete();

await app.RunAsync();
return Environment.ExitCode;
