namespace Ppd.Cli.Bench;

/// <summary>A file of prompts cannot be read as such; the message names the place.</summary>
sealed class PromptFileException : PpdException
{
    internal PromptFileException(string message) : base(message) { }

    internal PromptFileException(string message, Exception innerException) : base(message, innerException) { }
}
