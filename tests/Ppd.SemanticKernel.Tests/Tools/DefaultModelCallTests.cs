using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.SemanticKernel.Tests.Tools;

/// <summary>A hundred requests to the model that comes along, each with one right call among four tools; what the tool returns is answered with.</summary>
public sealed class DefaultModelCallTests
{
    const int LeastRight = 95;
    const int LeastAnswered = 85;     // of times it often copies the minutes wrong

    static readonly string[] Cities = ["Paris", "London", "Rome", "Berlin", "Madrid", "Oslo", "Tokyo", "Vienna", "Lisbon", "Dublin", "Prague", "Warsaw", "Athens"];
    static readonly string[] Products = ["lamp", "kettle", "mug", "chair", "table", "sofa", "clock", "mirror", "rug", "vase", "pillow", "blanket", "desk"];
    static readonly string[] Rooms = ["kitchen", "bedroom", "bathroom", "hall", "office", "garage", "garden", "cellar", "attic", "kitchen", "bedroom", "hall", "office"];

    static readonly AITool[] Tools =
    [
        Tool("get_weather", "Gets the weather of a city.", ("city", "string")), Tool("get_time", "Gets the local time of a city.", ("city", "string")),
        Tool("get_price", "Gets the price of a product.", ("product", "string")), Tool("get_stock", "Gets how many pieces of a product are in stock.", ("product", "string")),
        Tool("set_timer", "Sets a timer.", ("minutes", "integer")), Tool("set_light", "Switches the light of a room.", ("room", "string"), ("state", "boolean")),
        Tool("get_date", "Gets the date of today."), Tool("add", "Adds two numbers.", ("a", "integer"), ("b", "integer")),
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_are_right_and_the_same_with_drafts_and_without()
    {
        using var client = new PpdChatClient(new PpdModelOptions { Threads = 1, GpuLayers = 0, Slots = 1 });
        var requests = Requests().ToArray();
        requests.Length.ShouldBe(100);
        List<string> wrong = [], unanswered = [];
        var (steps, plainSteps) = (0, 0);
        for (var i = 0; i < requests.Length; i++)
        {
            var (request, tool, arguments) = requests[i];
            List<ChatMessage> conversation = [new(ChatRole.User, request)];
            var called = await Ask(conversation, tool);
            if (Line(called) != $"{tool} {arguments}")
            {
                wrong.Add($"{request} → {Line(called)}");
                continue;
            }
            var (result, fact) = Result(tool, arguments, i);
            var call = called.Messages[0].Contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().Single();
            conversation.AddRange([.. called.Messages, new ChatMessage(ChatRole.Tool, [new Microsoft.Extensions.AI.FunctionResultContent(call.CallId, result)])]);
            var answer = await Ask(conversation, tool);
            if (answer.FinishReason != ChatFinishReason.Stop || !answer.Text.Contains(fact, StringComparison.Ordinal)) unanswered.Add($"{request} {result} → {Line(answer)}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{100 - wrong.Count} of 100 calls right, {plainSteps} steps without drafts and {steps} with; wrong: {string.Join("; ", wrong)}");
        TestContext.Current.TestOutputHelper!.WriteLine($"{requests.Length - wrong.Count - unanswered.Count} of {requests.Length - wrong.Count} results answered with; others: {string.Join("; ", unanswered)}");
        (100 - wrong.Count).ShouldBeGreaterThanOrEqualTo(LeastRight, string.Join('\n', wrong));
        (requests.Length - wrong.Count - unanswered.Count).ShouldBeGreaterThanOrEqualTo(LeastAnswered, string.Join('\n', unanswered));
        steps.ShouldBeLessThan(plainSteps);

        // with drafts and without, which must be the same
        async Task<ChatResponse> Ask(List<ChatMessage> conversation, string tool)
        {
            var drafted = await client.GetResponseAsync(conversation, Options(tool, drafts: 8), Cancel);
            var plain = await client.GetResponseAsync(conversation, Options(tool, drafts: 0), Cancel);
            Line(drafted).ShouldBe(Line(plain), conversation[0].Text);
            Statistics(drafted).GeneratedTokens.ShouldBe(Statistics(plain).GeneratedTokens, conversation[0].Text);
            (steps, plainSteps) = (steps + Statistics(drafted).Steps, plainSteps + Statistics(plain).Steps);
            return plain;
        }
    }

    // What a tool returns, and what of it the answer must say: where there is something to say, nothing that the model could know without.
    static (string Result, string Fact) Result(string tool, string arguments, int i)
    {
        var given = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments)!;
        return tool switch
        {
            "get_weather" => ($"rainy, {2 + i % 30} degrees", $"rainy in {given["city"]} with {2 + i % 30} degrees"),
            "get_time" => ($"{10 + i % 13}:{10 + i % 47}", $"{10 + i % 13}:{10 + i % 47}"),
            "get_price" => ($"{11 + i % 89} euros", $"{11 + i % 89} euros"),
            "get_stock" => ($"{3 + i % 60} pieces", $"{3 + i % 60} pieces"),
            "set_timer" => ("done", $"{given["minutes"]} minutes"),
            "set_light" => ("done", $"{given["room"]}"),
            "add" => ($"{given["a"].GetInt32() + given["b"].GetInt32()}", $"is {given["a"].GetInt32() + given["b"].GetInt32()}"),
            _ => ("Monday, 3 March", "Monday, 3 March"),
        };
    }

    static IEnumerable<(string Request, string Tool, string Arguments)> Requests()
    {
        for (var i = 0; i < 13; i++)
        {
            var (city, product, other, number) = (Cities[i], Products[i], Cities[12 - i], 3 + 7 * i);
            yield return (Pick(i, $"What is the weather in {city}?", $"How is the weather in {city} today?", $"Will it rain in {city}?", $"Check the weather in {city}, please."), "get_weather", Json(("city", city)));
            yield return (Pick(i, $"What time is it in {other}?", $"Tell me the time in {other}.", $"What is the time in {other} now?", $"The time in {other}, please."), "get_time", Json(("city", other)));
            yield return (Pick(i, $"How much is the {product}?", $"What does the {product} cost?", $"Tell me the price of the {product}.", $"How much does the {product} cost?"), "get_price", Json(("product", product)));
            yield return (Pick(i, $"Is the {product} in stock?", $"How many pieces of the {product} are left?", $"Do you still have the {product}?", $"Check the stock of the {product}, please."), "get_stock", Json(("product", product)));
            yield return (Pick(i, $"Set a timer for {number} minutes.", $"I need a timer for {number} minutes.", $"Start a {number} minute timer.", $"Remind me in {number} minutes."), "set_timer", Json(("minutes", number)));
            yield return (Pick(i, $"Turn on the light in the {Rooms[i]}.", $"Turn the {Rooms[i]} light off.", $"Please switch the light in the {Rooms[i]} on.", $"Switch off the {Rooms[i]} light."), "set_light", Json(("room", Rooms[i]), ("state", i % 2 == 0)));
            yield return (Pick(i, $"What is {number} plus {20 + i}?", $"Add {number} and {20 + i}.", $"How much is {number} + {20 + i}?", $"What is the sum of {number} and {20 + i}?"), "add", Json(("a", number), ("b", 20 + i)));
        }
        string[] dates = ["What day is it?", "What is the date today?", "Which day is today?", "Give me the date, please.", "Tell me the date.", "What day is today?", "I need the date.", "What's the date?", "What day is it today?"];
        foreach (var date in dates) yield return (date, "get_date", "{}");
    }

    static string Pick(int i, params string[] phrases) => phrases[i % phrases.Length];

    static string Json(params (string Name, object Value)[] arguments) => JsonSerializer.Serialize(arguments.ToDictionary(a => a.Name, a => a.Value));

    // the right tool among three others
    static ChatOptions Options(string tool, int drafts)
    {
        var at = Array.FindIndex(Tools, other => other.Name == tool);
        return new ChatOptions
        {
            Temperature = 0,
            MaxOutputTokens = 120,
            Tools = [.. new[] { 3, 0, 5, 1 }.Select(step => Tools[(at + step) % Tools.Length])],
            AdditionalProperties = new AdditionalPropertiesDictionary { ["draft_tokens"] = drafts },
        };
    }

    static string Line(ChatResponse response) => string.Concat(response.Messages[0].Contents.Select(content => content switch
    {
        Microsoft.Extensions.AI.FunctionCallContent call => $"{call.Name} {JsonSerializer.Serialize(call.Arguments)}",
        Microsoft.Extensions.AI.TextContent text => text.Text,
        _ => "",
    }));

    static PpdGenerationStatistics Statistics(ChatResponse response) => (PpdGenerationStatistics)response.AdditionalProperties![PpdGenerationStatistics.Key]!;

    static AITool Tool(string name, string description, params (string Name, string Type)[] parameters)
    {
        var properties = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)new JsonObject { ["type"] = parameter.Type })));
        return AIFunctionFactory.CreateDeclaration(name, description, JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "object", ["properties"] = properties }));
    }
}
