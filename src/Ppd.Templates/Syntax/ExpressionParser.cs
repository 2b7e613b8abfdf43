using Ppd.Templates.Nodes;
using Ppd.Templates.Values;

namespace Ppd.Templates.Syntax;

/// <summary>Expressions with Jinja2's precedence, loosest first: inline if, or, and, not, comparison, + -, ~, * / // %, **, sign, filters.</summary>
sealed class ExpressionParser(TokenStream tokens)
{
    static readonly string[][] Levels = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]];

    /// <summary>Every name read so far; a macro looks here whether its body uses <c>caller</c>, <c>varargs</c> or <c>kwargs</c>.</summary>
    public HashSet<string> NamesRead { get; set; } = [];

    public Expression Parse()
    {
        tokens.Enter();
        var line = tokens.Line;
        var expression = ParseOr();
        while (tokens.SkipName("if"))
        {
            var condition = ParseOr();
            var otherwise = tokens.SkipName("else") ? Parse() : null;
            expression = new Conditional(condition, expression, otherwise, line);
        }
        tokens.Leave();
        return expression;
    }

    /// <summary>An expression, or a tuple when there are commas; <paramref name="withConditional"/> is false where "if" starts a filter.</summary>
    public Expression ParseTuple(bool withConditional = true)
    {
        var line = tokens.Line;
        var first = withConditional ? Parse() : ParseOr();
        if (!tokens.IsSymbol(","))
            return first;
        var items = new List<Expression> { first };
        while (tokens.SkipSymbol(",") && !AtTupleEnd())
            items.Add(withConditional ? Parse() : ParseOr());
        return new TupleLiteral(items, line);
    }

    public Expression ParseOr()
    {
        var line = tokens.Line;
        var left = ParseAnd();
        while (tokens.SkipName("or"))
            left = new Logical(left, true, ParseAnd(), line);
        return left;
    }

    /// <summary>Filters after an expression that is already there: the tail of <c>{% filter %}</c> and <c>{% set x | f %}</c>.</summary>
    public Expression ParseFilters(Expression operand, bool firstWithoutBar)
    {
        while (firstWithoutBar || tokens.SkipSymbol("|"))
        {
            firstWithoutBar = false;
            operand = ParseFilter(operand);
        }
        return operand;
    }

    public IReadOnlyList<(string Name, Expression? Default)> ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        tokens.ExpectSymbol("(");
        while (!tokens.IsSymbol(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.ExpectSymbol(",");
                if (tokens.IsSymbol(")"))
                    break;
            }
            var name = tokens.Expect(TokenKind.Name, "a parameter name").Text;
            parameters.Add((name, tokens.SkipSymbol("=") ? Parse() : null));
        }
        tokens.ExpectSymbol(")");
        return parameters;
    }

    bool AtTupleEnd() => tokens.Current.Kind is TokenKind.BlockEnd or TokenKind.OutputEnd || tokens.IsSymbol(")");

    Expression ParseAnd()
    {
        var line = tokens.Line;
        var left = ParseNot();
        while (tokens.SkipName("and"))
            left = new Logical(left, false, ParseNot(), line);
        return left;
    }

    Expression ParseNot()
    {
        if (!tokens.IsName("not"))
            return ParseComparison();
        tokens.Enter();
        var line = tokens.Next().Line;
        var negated = new Not(ParseNot(), line);
        tokens.Leave();
        return negated;
    }

    Expression ParseComparison()
    {
        var line = tokens.Line;
        var first = ParseBinary(0);
        List<(string, Expression)>? rest = null;
        while (ComparisonSymbol() is { } symbol)
            (rest ??= []).Add((symbol, ParseBinary(0)));
        return rest is null ? first : new Comparison(first, rest, line);
    }

    string? ComparisonSymbol()
    {
        var token = tokens.Current;
        if (token.Kind == TokenKind.Symbol && token.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            return tokens.Next().Text;
        if (tokens.SkipName("in"))
            return "in";
        if (!tokens.IsName("not") || !tokens.Following.Is(TokenKind.Name, "in"))
            return null;
        tokens.Next();
        tokens.Next();
        return "not in";
    }

    Expression ParseBinary(int level)
    {
        if (level == Levels.Length)
            return ParseUnary(withFilters: true);
        var line = tokens.Line;
        var left = ParseBinary(level + 1);
        if (level == 1)
            return ParseConcatenation(left, line);
        while (tokens.Current.Kind == TokenKind.Symbol && Levels[level].Contains(tokens.Current.Text))
            left = new Calculation(left, tokens.Next().Text, ParseBinary(level + 1), line);
        return left;
    }

    Expression ParseConcatenation(Expression first, int line)
    {
        if (!tokens.IsSymbol("~"))
            return first;
        var parts = new List<Expression> { first };
        while (tokens.SkipSymbol("~"))
            parts.Add(ParseBinary(2));
        return new Concatenation(parts, line);
    }

    Expression ParseUnary(bool withFilters)
    {
        var line = tokens.Line;
        Expression expression;
        if (tokens.IsSymbol("-") || tokens.IsSymbol("+"))
        {
            tokens.Enter();
            var negative = tokens.Next().Text == "-";
            expression = new Sign(ParseUnary(withFilters: false), negative, line);
            tokens.Leave();
        }
        else
        {
            expression = ParsePrimary();
        }
        expression = ParsePostfix(expression);
        return withFilters ? ParseFiltersAndTests(expression) : expression;
    }

    Expression ParsePrimary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Next();
                return NameOrConstant(token);
            case TokenKind.Number:
                tokens.Next();
                return new Literal(token.Number, token.Line);
            case TokenKind.String:
                return new Literal(MarkedString.Trusted(AdjacentStrings()), token.Line);
            case TokenKind.Symbol when token.Text is "(":
                return ParseParentheses();
            case TokenKind.Symbol when token.Text is "[":
                tokens.Next();
                return new ListLiteral(ParseItems("]", Parse), token.Line);
            case TokenKind.Symbol when token.Text is "{":
                tokens.Next();
                return new DictLiteral(ParseItems("}", ParseEntry), token.Line);
            default:
                throw tokens.Unexpected("an expression");
        }
    }

    Expression NameOrConstant(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Literal(true, token.Line);
            case "false" or "False":
                return new Literal(false, token.Line);
            case "none" or "None":
                return new Literal(null, token.Line);
            default:
                NamesRead.Add(token.Text);
                return new Name(token.Text, token.Line);
        }
    }

    string AdjacentStrings()
    {
        var text = tokens.Next().Text;
        if (tokens.Current.Kind != TokenKind.String)
            return text;
        var parts = new List<string> { text };
        while (tokens.Current.Kind == TokenKind.String)
            parts.Add(tokens.Next().Text);
        return string.Concat(parts);
    }

    Expression ParseParentheses()
    {
        var line = tokens.Next().Line;
        var inner = tokens.IsSymbol(")") ? new TupleLiteral([], line) : ParseTuple();
        tokens.ExpectSymbol(")");
        return inner;
    }

    KeyValuePair<Expression, Expression> ParseEntry()
    {
        var key = Parse();
        tokens.ExpectSymbol(":");
        return KeyValuePair.Create(key, Parse());
    }

    List<T> ParseItems<T>(string close, Func<T> parseItem)
    {
        var items = new List<T>();
        while (!tokens.IsSymbol(close))
        {
            if (items.Count > 0)
            {
                tokens.ExpectSymbol(",");
                if (tokens.IsSymbol(close))
                    break;
            }
            items.Add(parseItem());
        }
        tokens.ExpectSymbol(close);
        return items;
    }

    Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            var line = tokens.Line;
            if (tokens.SkipSymbol("."))
                expression = ParseDot(expression, line);
            else if (tokens.SkipSymbol("["))
                expression = ParseBracket(expression, line);
            else if (tokens.IsSymbol("("))
                expression = new CallExpression(expression, ParseArguments(), line);
            else
                return expression;
        }
    }

    Expression ParseDot(Expression owner, int line)
    {
        if (tokens.Current is { Kind: TokenKind.Number, Number: long index })
        {
            tokens.Next();
            return new ItemAccess(owner, new Literal(index, line), line);
        }
        return new AttributeAccess(owner, tokens.Expect(TokenKind.Name, "a name or number after '.'").Text, line);
    }

    Expression ParseBracket(Expression owner, int line)
    {
        var start = tokens.IsSymbol(":") ? null : ParseTuple();
        if (start is not null && !tokens.IsSymbol(":"))
        {
            tokens.ExpectSymbol("]");
            return new ItemAccess(owner, start, line);
        }
        tokens.ExpectSymbol(":");
        var stop = tokens.IsSymbol(":") || tokens.IsSymbol("]") ? null : Parse();
        var step = tokens.SkipSymbol(":") && !tokens.IsSymbol("]") ? Parse() : null;
        tokens.ExpectSymbol("]");
        return new SliceAccess(owner, start, stop, step, line);
    }

    Expression ParseFiltersAndTests(Expression expression)
    {
        while (true)
        {
            var line = tokens.Line;
            if (tokens.SkipSymbol("|"))
                expression = ParseFilter(expression);
            else if (tokens.SkipName("is"))
                expression = ParseTest(expression, line);
            else if (tokens.IsSymbol("("))
                expression = new CallExpression(expression, ParseArguments(), line);
            else
                return expression;
        }
    }

    Expression ParseFilter(Expression operand)
    {
        var line = tokens.Line;
        var name = tokens.Expect(TokenKind.Name, "a filter name").Text;
        var arguments = tokens.IsSymbol("(") ? ParseArguments() : ArgumentList.Empty;
        return new FilterExpression(operand, name, arguments, line);
    }

    Expression ParseTest(Expression operand, int line)
    {
        var negated = tokens.SkipName("not");
        var name = tokens.Expect(TokenKind.Name, "a test name").Text;
        var test = new TestExpression(operand, name, ParseTestArguments(), line);
        return negated ? new Not(test, line) : test;
    }

    // A test may take one argument without parentheses: "x is divisibleby 3".
    ArgumentList ParseTestArguments()
    {
        if (tokens.IsSymbol("("))
            return ParseArguments();
        var token = tokens.Current;
        var startsValue = token.Kind is TokenKind.String or TokenKind.Number
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and" or "if" or "in" or "not" or "is"))
            || (token.Kind == TokenKind.Symbol && token.Text is "[" or "{");
        if (token.Is(TokenKind.Name, "is"))
            throw new TemplateSyntaxException("tests cannot be chained with 'is'", token.Line);
        return startsValue ? new ArgumentList([ParsePostfix(ParsePrimary())], [], null, null) : ArgumentList.Empty;
    }

    ArgumentList ParseArguments()
    {
        var positional = new List<Expression>();
        var named = new List<KeyValuePair<string, Expression>>();
        Expression? spread = null, namedSpread = null;
        tokens.ExpectSymbol("(");
        for (var first = true; !tokens.IsSymbol(")"); first = false)
        {
            if (!first)
            {
                tokens.ExpectSymbol(",");
                if (tokens.IsSymbol(")"))
                    break;
            }
            if (spread is null && namedSpread is null && tokens.SkipSymbol("*"))
                spread = Parse();
            else if (namedSpread is null && tokens.SkipSymbol("**"))
                namedSpread = Parse();
            else if (namedSpread is null && tokens.Current.Kind == TokenKind.Name && tokens.Following.Is(TokenKind.Symbol, "="))
                named.Add(ParseNamed());
            else if (spread is null && namedSpread is null && named.Count == 0)
                positional.Add(Parse());
            else
                throw new TemplateSyntaxException("positional arguments must come before *, ** and named ones", tokens.Line);
        }
        tokens.ExpectSymbol(")");
        return new ArgumentList(positional, named, spread, namedSpread);
    }

    KeyValuePair<string, Expression> ParseNamed()
    {
        var name = tokens.Next().Text;
        tokens.ExpectSymbol("=");
        return KeyValuePair.Create(name, Parse());
    }
}
