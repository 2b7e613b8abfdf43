using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Chat.Schemas;

namespace Ppd.Tests.Chat.Schemas;

/// <summary>Schemas with values that a grammar must accept and reject; what is rejected as a text is no JSON, or not as it is written here.</summary>
sealed record SchemaCase(string Name, JsonElement Schema, IReadOnlyList<string> Accepted, IReadOnlyList<string> Rejected)
{
    internal static IReadOnlyList<SchemaCase> All { get; } = Load();

    public override string ToString() => Name;

    static SchemaCase[] Load()
    {
        using var stream = typeof(SchemaCase).Assembly.GetManifestResourceStream("Ppd.Tests.Chat.Schemas.cases.json")!;
        using var reader = new StreamReader(stream);
        return [.. JsonDocument.Parse(reader.ReadToEnd()).RootElement.EnumerateArray().Select(entry => new SchemaCase(
            entry.GetProperty("name").GetString()!, entry.GetProperty("schema"), Texts(entry, "accepted"), [.. Texts(entry, "rejected"), .. Raw(entry)]))];
    }

    static string[] Texts(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(value => Gbnf.Json(JsonNode.Parse(value.GetRawText())))];

    static IEnumerable<string> Raw(JsonElement entry) => entry.TryGetProperty("rejectedText", out var texts) ? texts.EnumerateArray().Select(text => text.GetString()!) : [];
}
