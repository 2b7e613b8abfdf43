using System.Runtime.CompilerServices;

namespace Ppd.Templates.Syntax;

/// <summary>The parser's position in the tokens, and how deep it is nested.</summary>
sealed class TokenStream(List<Token> tokens, TemplateLimits limits)
{
    int _position;
    int _depth;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    public int Line => Current.Line;

    public Token Next()
    {
        var token = tokens[_position];
        if (token.Kind != TokenKind.End)
            _position++;
        return token;
    }

    public bool IsSymbol(string symbol) => Current.Is(TokenKind.Symbol, symbol);

    public bool IsName(string name) => Current.Is(TokenKind.Name, name);

    public bool SkipSymbol(string symbol) => Skip(TokenKind.Symbol, symbol);

    public bool SkipName(string name) => Skip(TokenKind.Name, name);

    public void ExpectSymbol(string symbol)
    {
        if (!SkipSymbol(symbol))
            throw Unexpected($"'{symbol}'");
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name))
            throw Unexpected($"'{name}'");
    }

    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Next() : throw Unexpected(what);

    public TemplateSyntaxException Unexpected(string expected) => new($"expected {expected}, found {Current.Describe()}", Line);

    public void Enter()
    {
        if (++_depth > limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateLimitException(nameof(TemplateLimits.MaxDepth), limits.MaxDepth, Line);
    }

    public void Leave() => _depth--;

    bool Skip(TokenKind kind, string text)
    {
        if (!Current.Is(kind, text))
            return false;
        _position++;
        return true;
    }
}
