namespace Ppd;

/// <summary>A prompt-token file (<c>.ppd.gguf</c>) is damaged, of another format version, or belongs to another model; the message says which and what to do.</summary>
public sealed class PpdPromptTokenFileException : PpdException
{
    internal PpdPromptTokenFileException(string message) : base(message) { }

    internal PpdPromptTokenFileException(string message, Exception innerException) : base(message, innerException) { }
}
