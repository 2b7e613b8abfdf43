using Ppd.Templates.Runtime;

namespace Ppd.Templates.Library;

delegate object? Filter(Execution execution, object? value, Arguments arguments);

/// <summary>All filters by name. An unknown one fails when it runs, as in Jinja2: templates guard rare ones with conditions.</summary>
static class Filters
{
    static readonly Dictionary<string, Filter> ByName =
        new[] { TextFilters.All, SequenceFilters.All, SelectionFilters.All, NumberFilters.All, LayoutFilters.All }
            .SelectMany(group => group)
            .ToDictionary(entry => entry.Key, entry => entry.Value);

    public static bool Exists(string name) => ByName.ContainsKey(name);

    public static object? Apply(Execution execution, string name, object? value, Arguments arguments) =>
        ByName.TryGetValue(name, out var filter)
            ? filter(execution, value, arguments)
            : throw execution.Error($"no filter named '{name}'. Filters of this engine: {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}");
}
