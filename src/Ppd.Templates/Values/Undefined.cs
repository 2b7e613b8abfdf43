using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>
/// Jinja2's default Undefined: prints as nothing, is false and empty, equals other undefined values; reading anything of it, calling it or
/// calculating with it is an error that says what was missing.
/// </summary>
sealed class Undefined(string message)
{
    public string Message { get; } = message;

    public static Undefined Variable(string name) => new($"'{name}' is undefined");

    public static Undefined Attribute(object? owner, string name) => new($"{Owner(owner)} has no attribute '{name}'");

    public static Undefined Element(object? owner, object? key) => new($"{Owner(owner)} has no element {Describe(key)}");

    /// <summary>Throws when a value is undefined and cannot be used as such.</summary>
    public static void Reject(Execution execution, object? value)
    {
        if (value is Undefined undefined)
            execution.Fail(undefined.Message);
    }

    static string Owner(object? owner) => owner is null ? "None" : $"'{TypeNames.Of(owner)} object'";

    static string Describe(object? key) => key is long or bool or double ? Convert.ToString(key, null)! : $"of type '{TypeNames.Of(key)}'";
}
