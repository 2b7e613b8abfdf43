using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Ppd.Cli;

/// <summary>Options that several commands have, and kinds of them.</summary>
static class CommonOptions
{
    public static Option<string?> Runtime() => new("--runtime")
    {
        HelpName = "PATH",
        Description = "File or folder of the llama.cpp library. Default: environment variable PPD_LLAMA_LIBRARY, the program's folder, the system.",
    };

    public static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };

    // not System.CommandLine's own parsing, which takes a comma for a thousands separator: 0,5 would be 5
    public static Option<T?> Number<T>(string name, T least, T most, string description) where T : struct, INumber<T>
    {
        var style = typeof(T) == typeof(float) ? NumberStyles.Float : NumberStyles.Integer;
        return new Option<T?>(name)
        {
            HelpName = "N",
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
                result.AddError(FormattableString.Invariant($"{name} is {text}; allowed are {(style == NumberStyles.Float ? "numbers" : "whole numbers")} from {least} to {most}") +
                    (text.Contains(',') ? ", with a point and not a comma." : "."));
                return null;
            },
        };
    }

    /// <summary>An option whose value <paramref name="parse"/> reads; a <see cref="FormatException"/> of it is the error the user sees.</summary>
    public static Option<T> Parsed<T>(string name, string helpName, Func<string, T> parse, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens[^1].Value);
            }
            catch (FormatException error)
            {
                result.AddError(error.Message);
                return default!;
            }
        },
    };

    /// <summary>How attention runs on this machine.</summary>
    /// <param name="auto">When it is on by itself.</param>
    public static Option<PpdFlashAttention?> FlashAttention(string auto) => Choice<PpdFlashAttention>("--flash-attention", $"Attention in llama.cpp's fused kernel: auto, on or off. Default auto: {auto}.");

    // not System.CommandLine's own parsing, which takes any number for a name
    static Option<T?> Choice<T>(string name, string description) where T : struct, Enum => new(name)
    {
        HelpName = "WHEN",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            var names = Enum.GetNames<T>();
            if (names.Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
            result.AddError($"{name} is {text}; allowed are {string.Join(", ", names).ToLowerInvariant()}.");
            return null;
        },
    };
}
