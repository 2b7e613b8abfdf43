namespace Ppd;

/// <summary>A grammar cannot be used, or has led the reply to where no token of the vocabulary fits; the message says where and why.</summary>
public sealed class PpdGrammarException : PpdException
{
    /// <inheritdoc cref="PpdException(string)"/>
    public PpdGrammarException(string message) : base(message) { }
}
