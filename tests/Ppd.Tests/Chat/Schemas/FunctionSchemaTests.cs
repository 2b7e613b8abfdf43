using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;
using Ppd.Grammars;
using Ppd.Testing;

namespace Ppd.Tests.Chat.Schemas;

/// <summary>The functions of the Berkeley Function Calling Leaderboard: every one becomes a grammar that takes the right answers and not the spoiled ones.</summary>
public sealed class FunctionSchemaTests
{
    static readonly string[] Files = ["simple_python", "multiple", "parallel"];

    [Fact]
    public void Functions_of_the_leaderboard_take_their_right_answers_and_no_spoiled_ones()
    {
        Assert.SkipUnless(SharedData.Available, SharedData.Missing);
        List<string> wrong = [];
        var (functions, accepted, rejected, outside) = (0, 0, 0, 0);
        foreach (var file in Files)
        {
            var questions = Lines("prompts", "bfcl", $"BFCL_v4_{file}.json");
            var answers = Lines("prompts", "bfcl", "possible_answer", $"BFCL_v4_{file}.json").ToDictionary(line => line!["id"]!.GetValue<string>(), line => line!["ground_truth"]!.AsArray());
            foreach (var question in questions)
            {
                var schemas = question!["function"]!.AsArray().Select(function => (Name: function!["name"]!.GetValue<string>(), Schema: Standard(function["parameters"]!.AsObject()))).ToList();
                var states = schemas.ToDictionary(entry => entry.Name, entry => new GrammarStates(JsonSchemaGrammar.Compile(JsonSerializer.SerializeToElement(entry.Schema))));
                functions += states.Count;
                foreach (var call in answers[question["id"]!.GetValue<string>()])
                {
                    var (name, possible) = call!.AsObject().Single();
                    var schema = schemas.First(entry => entry.Name == name).Schema;
                    var gold = Gold(schema, possible!.AsObject());
                    if (!new SchemaValidator(JsonSerializer.SerializeToElement(schema)).IsValid(JsonSerializer.SerializeToElement(gold)))
                    {
                        outside++;      // a few answers of the leaderboard do not keep to the types of their functions
                        continue;
                    }
                    accepted++;
                    if (!states[name].Matches(Gbnf.Json(gold))) wrong.Add($"{question["id"]}: {Gbnf.Json(gold)} is rejected");
                    foreach (var spoiled in Spoiled(gold, schema))
                    {
                        rejected++;
                        if (states[name].Matches(Gbnf.Json(spoiled))) wrong.Add($"{question["id"]}: {Gbnf.Json(spoiled)} is accepted");
                    }
                }
            }
        }
        wrong.ShouldBeEmpty();
        functions.ShouldBeGreaterThan(1000);
        accepted.ShouldBeGreaterThan(1000);
        rejected.ShouldBeGreaterThan(3000);
        outside.ShouldBeLessThan(accepted / 20);
        TestContext.Current.TestOutputHelper!.WriteLine($"{functions} functions, {accepted} right answers accepted, {rejected} spoiled ones rejected, {outside} answers outside of their own schema left out");
    }

    static JsonNode?[] Lines(params string[] path) => [.. File.ReadLines(SharedData.Path(path)).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line))];

    // Python's names of types, as the leaderboard has them
    static JsonObject Standard(JsonObject schema)
    {
        var standard = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            standard[keyword] = (keyword, value) switch
            {
                ("type", JsonValue type) => type.GetValue<string>() switch { "dict" => "object", "float" => "number", "tuple" => "array", var other => other },
                ("properties", JsonObject properties) => new JsonObject(properties.Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Standard(property.Value!.AsObject())))),
                ("items" or "additionalProperties", JsonObject inner) => Standard(inner),
                _ => value?.DeepClone(),
            };
        }
        if (standard["type"]?.ToString() == "any") standard.Remove("type");
        return standard;
    }

    // The first of the possible values of each argument, in the order of the schema; an empty string among them says that the argument may be left out.
    static JsonObject Gold(JsonObject schema, JsonObject possible)
    {
        var gold = new JsonObject();
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            if (!possible.TryGetPropertyValue(name, out var values)) continue;
            var value = values is JsonArray list ? list[0] : values;
            if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0 && !Required(schema).Contains(name)) continue;
            gold[name] = Inner(property!.AsObject(), value);
        }
        return gold;
    }

    // an object among the values has lists of possible values itself
    static JsonNode? Inner(JsonObject schema, JsonNode? value) => value switch
    {
        JsonObject members when schema["properties"] is JsonObject => Gold(schema, members),
        JsonArray elements when schema["items"] is JsonObject items => new JsonArray([.. elements.Select(element => Inner(items, element))]),
        _ => value?.DeepClone(),
    };

    static string[] Required(JsonObject schema) => schema["required"] is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];

    static IEnumerable<JsonObject> Spoiled(JsonObject gold, JsonObject schema)
    {
        foreach (var (name, value) in gold)
        {
            if (Required(schema).Contains(name)) yield return Changed(gold, copy => copy.Remove(name));
            if (schema["properties"]![name]!["type"] != null) yield return Changed(gold, copy => copy[name] = value?.GetValueKind() == JsonValueKind.String ? 17.5 : "no such value, whatever it should be 4711");
        }
        yield return Changed(gold, copy => copy["no_such_argument"] = 1);
    }

    static JsonObject Changed(JsonObject gold, Action<JsonObject> change)
    {
        var copy = gold.DeepClone().AsObject();
        change(copy);
        return copy;
    }
}
