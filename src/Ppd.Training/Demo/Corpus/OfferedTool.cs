using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ppd.Training.Demo.Corpus;

/// <summary>A tool as one program declares it: its family under a concrete name, with concrete arguments.</summary>
sealed class OfferedTool
{
    static readonly string[] AnyPlugin = ["Demo", "MyPlugin", "Tools", "Assistant", "Plugin", "Functions"];

    readonly (ToolArgument Argument, string Name, string Type)[] _arguments;

    OfferedTool(ToolFamily family, string name, string description, Func<ToolArgument, (string Name, string Type)> declare)
    {
        (Family, Name, Description) = (family, name, description);
        _arguments = [.. family.Arguments.Select(argument => (argument, declare(argument).Name, declare(argument).Type))];
    }

    /// <summary>Under its usual name, arguments and description: <c>get_weather(city)</c>.</summary>
    /// <param name="family">What the tool does.</param>
    /// <param name="separator">Semantic Kernel's full names, <c>weather-get_weather</c> or in newer versions <c>weather_get_weather</c>; null for the function's own.</param>
    public static OfferedTool Usual(ToolFamily family, string? separator)
    {
        var plugin = separator is null ? "" : Join(family.Plugins[0], 0) + separator;
        return new(family, plugin + Join(family.Names[0], 0), family.Descriptions[0], argument => (Join(argument.Names[0], 0), argument.Types[0]));
    }

    /// <summary>Under any name, with any names of arguments.</summary>
    public static OfferedTool Any(ToolFamily family, Random random)
    {
        var style = random.Next(3);
        var name = Join(random.Pick(family.Names), style);
        if (random.Chance(0.5))
        {
            var plugin = random.Chance(0.75) ? random.Pick(family.Plugins) : random.Pick(AnyPlugin);
            name = Join(plugin, random.Chance(0.8) ? 1 : style) + (random.Chance(0.5) ? "-" : "_") + name;
        }
        var declared = family.Arguments.ToDictionary(argument => argument, argument => (Join(random.Pick(argument.Names), style == 1 ? 2 : style), random.Pick(argument.Types)));
        return new(family, name, random.Chance(0.1) ? "" : random.Pick(family.Descriptions), argument => declared[argument]);
    }

    public ToolFamily Family { get; }

    public string Name { get; }

    public string Description { get; }

    /// <summary>As a chat template takes it: <c>{"type": "function", "function": {...}}</c>.</summary>
    public JsonElement Declaration()
    {
        var properties = new JsonObject(_arguments.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)new JsonObject { ["type"] = a.Type })));
        var function = new JsonObject { ["name"] = Name };
        if (Description.Length > 0) function["description"] = Description;
        function["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = properties };
        return JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "function", ["function"] = function });
    }

    /// <summary>The arguments of a call, typed as declared.</summary>
    public JsonElement Arguments(IReadOnlyDictionary<string, string> values)
    {
        var arguments = new JsonObject();
        foreach (var (argument, name, type) in _arguments)
        {
            var value = values[argument.Slot];
            arguments[name] = type switch
            {
                "integer" or "number" => JsonValue.Create(int.Parse(value)),
                "boolean" => JsonValue.Create(value == "on"),
                _ => JsonValue.Create(value),
            };
        }
        return JsonSerializer.SerializeToElement(arguments);
    }

    // "get weather" as get_weather (0), GetWeather (1) or getWeather (2)
    static string Join(string words, int style)
    {
        var parts = words.Split(' ');
        if (style == 0) return string.Join('_', parts);
        return string.Concat(parts.Select((part, i) => i == 0 && style == 2 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
    }
}
