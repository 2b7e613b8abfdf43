using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Ppd.SemanticKernel.Hosting;

/// <summary>Checks model options that come from a section, once they are complete.</summary>
/// <param name="name">Of the options it is for.</param>
/// <param name="section">Where they come from.</param>
sealed class ModelOptionsValidation(string name, IConfiguration section) : IValidateOptions<PpdModelOptions>
{
    readonly string _path = (section as IConfigurationSection)?.Path ?? "configuration";

    public ValidateOptionsResult Validate(string? optionsName, PpdModelOptions options)
    {
        if (optionsName != name) return ValidateOptionsResult.Skip;
        // the demonstration model in place of the one that somebody forgot to name would be a surprise
        if (section is IConfigurationSection given && !given.Exists()) return ValidateOptionsResult.Fail($"The configuration has no section '{_path}', or it is empty; give it a ModelPath.");
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            return ValidateOptionsResult.Fail($"{_path}: {error.Message}");
        }
        return File.Exists(options.ModelPath) ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{_path}:ModelPath is '{options.ModelPath}', and no such file exists in '{Path.GetDirectoryName(Path.GetFullPath(options.ModelPath))}'.");
    }
}

/// <summary>Checks how functions are invoked, wherever the options come from.</summary>
sealed class FunctionInvocationValidation : IValidateOptions<PpdFunctionInvocationOptions>
{
    public ValidateOptionsResult Validate(string? name, PpdFunctionInvocationOptions options) =>
        options.Errors().ToArray() is { Length: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}
