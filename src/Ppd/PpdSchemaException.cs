namespace Ppd;

/// <summary>A JSON schema asks for something that a grammar cannot guarantee, or is not a schema. Nothing was generated.</summary>
public sealed class PpdSchemaException : PpdException
{
    internal PpdSchemaException(string keyword, string pointer, string reason) : base(
        $"The JSON schema cannot be used: '{keyword}' at '{(pointer.Length == 0 ? "#" : pointer)}' {reason}.") =>
        (Keyword, Pointer) = (keyword, pointer);

    /// <summary>The keyword that cannot be honoured, for example <c>uniqueItems</c>.</summary>
    public string Keyword { get; }

    /// <summary>JSON pointer of the schema that has it, beginning with <c>#</c>.</summary>
    public string Pointer { get; }
}
