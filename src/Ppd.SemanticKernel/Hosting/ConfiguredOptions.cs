using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ppd.SemanticKernel.Hosting;

/// <summary>Reads options from a section. What it cannot read is reported all at once, with key, value and what is allowed; the binder ignores unknown keys, or names them without a path.</summary>
static class ConfiguredOptions
{
    /// <summary>Sets the properties that the section has values for.</summary>
    /// <param name="options">Gets the values.</param>
    /// <param name="name">Of the options.</param>
    /// <param name="section">Has the values.</param>
    /// <param name="nested">Key of a section inside that belongs to other options.</param>
    /// <exception cref="OptionsValidationException">The section has unknown keys or values that are not of their property's type.</exception>
    internal static void Read<T>(T options, string name, IConfiguration section, string? nested = null)
        where T : class
    {
        var properties = typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => TypeDescriptor.GetConverter(property.PropertyType).CanConvertFrom(typeof(string)))
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        List<string> errors = [];
        foreach (var entry in section.GetChildren())
        {
            if (entry.Key.Equals(nested, StringComparison.OrdinalIgnoreCase)) continue;
            if (!properties.TryGetValue(entry.Key, out var property))
                errors.Add($"{entry.Path} is not an option; allowed are {string.Join(", ", properties.Keys.Append(nested).OfType<string>())}.");
            else if (entry.GetChildren().Any())
                errors.Add($"{entry.Path} is a section; {Allowed(property.PropertyType)}.");
            else if (entry.Value is { } value && Set(options, property, value) is { } problem)
                errors.Add($"{entry.Path} is '{value}'; {problem}.");
        }
        if (errors.Count > 0) throw new OptionsValidationException(name, typeof(T), errors);
    }

    static string? Set(object options, PropertyInfo property, string value)
    {
        try
        {
            property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));
            return null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or NotSupportedException)
        {
            return Allowed(property.PropertyType);
        }
    }

    static string Allowed(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(int) ? "a whole number is needed"
            : type == typeof(bool) ? "true or false is needed"
            : type == typeof(PpdPlan) ? "allowed are auto, off, chainN, treeN and staticN, as in tree16"
            : type.IsEnum ? $"allowed are {string.Join(", ", Enum.GetNames(type))}"
            : "a text is needed";
    }
}
