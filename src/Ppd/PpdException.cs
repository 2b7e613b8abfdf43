namespace Ppd;

/// <summary>Base of every error this library reports on purpose; anything else is a bug.</summary>
public class PpdException : Exception
{
    /// <summary>An error described by <paramref name="message"/>.</summary>
    public PpdException(string message) : base(message) { }

    /// <summary>An error described by <paramref name="message"/>, caused by <paramref name="innerException"/>.</summary>
    public PpdException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A model file or the llama.cpp runtime could not be loaded; the message names the file and what is wrong with it.</summary>
public sealed class PpdModelLoadException : PpdException
{
    /// <inheritdoc cref="PpdException(string)"/>
    public PpdModelLoadException(string message) : base(message) { }

    /// <inheritdoc cref="PpdException(string, Exception)"/>
    public PpdModelLoadException(string message, Exception innerException) : base(message, innerException) { }
}
