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

/// <summary>Model options that are given in code, as options of their own: so that the start of a host checks them too.</summary>
sealed class GivenModelOptions
{
    public PpdModelOptions Options { get; set; } = new();
}

/// <summary>Checks model options that are given in code. Whether the file is there shows when it is loaded.</summary>
sealed class GivenModelOptionsValidation : IValidateOptions<GivenModelOptions>
{
    public ValidateOptionsResult Validate(string? name, GivenModelOptions options)
    {
        try
        {
            options.Options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException error)
        {
            return ValidateOptionsResult.Fail(error.Message);
        }
    }
}

/// <summary>Checks how functions are invoked, wherever the options come from.</summary>
sealed class FunctionInvocationValidation : IValidateOptions<PpdFunctionInvocationOptions>
{
    public ValidateOptionsResult Validate(string? name, PpdFunctionInvocationOptions options) =>
        options.Errors().ToArray() is { Length: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
}
