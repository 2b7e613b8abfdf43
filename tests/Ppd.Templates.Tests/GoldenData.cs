using System.Text.Json;

namespace Ppd.Templates.Tests;

/// <summary>Published templates and what Jinja2 makes of them; kept beside the checkout, not in it.</summary>
static class GoldenData
{
    static readonly string? Folder = Find();

    public static bool IsPresent => Folder is not null;

    public const string AbsentReason =
        "the published templates and their Jinja2 goldens are not beside the checkout (shared/data/templates, or the folder named by PPD_TEMPLATE_DATA)";

    public static JsonDocument Cases() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder!, "golden", "cases.json")));

    public static JsonDocument Goldens() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder!, "golden", "jinja2.json")));

    public static string Template(string name) => File.ReadAllText(Path.Combine(Folder!, name));

    public static IReadOnlyDictionary<string, object?> Variables(JsonElement json) =>
        json.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value);

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PPD_TEMPLATE_DATA") is { Length: > 0 } named)
            return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "templates");
            if (Directory.Exists(Path.Combine(candidate, "golden")))
                return candidate;
        }
        return null;
    }
}
