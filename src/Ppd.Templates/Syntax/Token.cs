namespace Ppd.Templates.Syntax;

enum TokenKind
{
    Text,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Number,
    Symbol,
    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: a string without quotes and escapes, a symbol or name as written.</param>
/// <param name="Line">Line it starts at, from 1.</param>
/// <param name="Number">The value of a number: long, BigInteger or double.</param>
readonly record struct Token(TokenKind Kind, string Text, int Line, object? Number = null)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public string Describe() => Kind switch
    {
        TokenKind.End => "end of template",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.Text => "template text",
        _ => $"'{Text}'",
    };
}
