using Ppd.Templates;

namespace Ppd.Cli;

/// <summary>Errors that are told to the user in their own words; all others are bugs and keep their stack trace.</summary>
static class Failure
{
    public static bool IsExpected(Exception error) =>
        error is PpdException or TemplateException or ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException;

    /// <summary>The message without the parameter name that .NET appends, which is ours and not the user's.</summary>
    public static string Text(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "") : error.Message;
}
