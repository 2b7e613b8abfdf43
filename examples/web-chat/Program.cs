// A chat page that shows what the engine does: tokens that one forward pass produced together have one colour, beside them rows, tokens per step and the
// planner's estimate of the speed against plain decoding.
//   dotnet run --project examples/web-chat [-- --model MODEL.gguf]      (or PPD_MODEL=MODEL.gguf; default: the small model that comes along)
//   then open the address it prints
using Examples;
using Microsoft.Extensions.AI;
using Ppd;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPpdChatCompletion(builder.Configuration["model"] ?? builder.Configuration["PPD_MODEL"] ?? PpdModelOptions.DefaultModelPath);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ChatJson.Default));
var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/model", (PpdModel model) => new ModelInfo(model.ModelId, model.ContextLength));
app.MapPost("/chat", (ChatTurn turn, IChatClient client, CancellationToken cancelled) =>
    TypedResults.ServerSentEvents(new ChatEvents(client).Answer(turn, cancelled)));
app.Run();
