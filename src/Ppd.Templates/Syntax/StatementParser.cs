using Ppd.Templates.Nodes;

namespace Ppd.Templates.Syntax;

/// <summary>Template text and block statements.</summary>
sealed class StatementParser
{
    readonly TokenStream _tokens;
    readonly ExpressionParser _expressions;

    // Loops around the current statement within the same macro, call or captured block.
    int _loops;

    StatementParser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    public static Block Parse(string source, TemplateLimits limits)
    {
        var parser = new StatementParser(new TokenStream(Lexer.Tokenize(source), limits));
        return parser.ParseUntil();
    }

    // Statements up to a block tag with one of the names, which stays current; up to the end of the template when none is given.
    Block ParseUntil(params string[] endings)
    {
        _tokens.Enter();
        var opened = _tokens.Line;
        var statements = new List<Statement>();
        while (true)
        {
            var token = _tokens.Next();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new TextOutput(token.Text, token.Line));
                    break;
                case TokenKind.OutputBegin:
                    statements.Add(new ExpressionOutput(_expressions.ParseTuple(), token.Line));
                    _tokens.Expect(TokenKind.OutputEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin when _tokens.Current.Kind == TokenKind.Name && endings.Contains(_tokens.Current.Text):
                    _tokens.Leave();
                    return new Block(statements);
                case TokenKind.BlockBegin:
                    statements.Add(ParseStatement());
                    _tokens.Expect(TokenKind.BlockEnd, "'%}'");
                    break;
                case TokenKind.End when endings.Length == 0:
                    _tokens.Leave();
                    return new Block(statements);
                default:
                    throw new TemplateSyntaxException($"the block opened at line {opened} is never closed; expected "
                        + $"{string.Join(" or ", endings)}, found {token.Describe()}", token.Line);
            }
        }
    }

    Statement ParseStatement()
    {
        var line = _tokens.Line;
        var name = _tokens.Expect(TokenKind.Name, "a statement name").Text;
        switch (name)
        {
            case "if":
                return ParseIf(line);
            case "for":
                return ParseFor(line);
            case "set":
                return ParseSet(line);
            case "macro":
                var macroName = _tokens.Expect(TokenKind.Name, "a macro name").Text;
                return new MacroStatement(ParseMacro(macroName, _expressions.ParseParameters(), "endmacro"), line);
            case "call":
                return ParseCall(line);
            case "filter":
                var filtered = _expressions.ParseFilters(new Name(CapturedBlock.CapturedName, line), firstWithoutBar: true);
                return new FilterBlock(new CapturedBlock(ParseIsolatedBody("endfilter"), filtered), line);
            case "with":
                return ParseWith(line);
            case "generation":
                // Marks what the model is trained to write; when rendering it only scopes variables.
                return new With([], ParseBody("endgeneration"), line);
            case "break" or "continue":
                if (_loops == 0)
                    throw new TemplateSyntaxException($"'{name}' outside a loop", line);
                return new LoopControl(name == "break" ? Flow.Break : Flow.Continue, line);
            case "include" or "import" or "from" or "extends" or "block" or "autoescape":
                throw new TemplateSyntaxException($"'{name}' is not supported: a chat template is a single file", line);
            default:
                throw new TemplateSyntaxException($"unknown statement '{name}'", line);
        }
    }

    Statement ParseIf(int line)
    {
        var branches = new List<(Expression, Block)>();
        do
        {
            var condition = _expressions.ParseTuple(withConditional: false);
            _tokens.Expect(TokenKind.BlockEnd, "'%}'");
            branches.Add((condition, ParseUntil("elif", "else", "endif")));
        }
        while (_tokens.SkipName("elif"));
        return new If(branches, ParseElse("endif"), line);
    }

    Block? ParseElse(string ending)
    {
        var otherwise = _tokens.SkipName("else") ? ParseBody(ending) : null;
        if (otherwise is null)
            _tokens.ExpectName(ending);
        return otherwise;
    }

    Statement ParseFor(int line)
    {
        var target = ParseTarget(withNamespace: false);
        _tokens.ExpectName("in");
        var iterable = _expressions.ParseTuple(withConditional: false);
        var filter = _tokens.SkipName("if") ? _expressions.Parse() : null;
        var recursive = _tokens.SkipName("recursive");
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        _loops++;
        var body = ParseUntil("else", "endfor");
        _loops--;
        return new ForLoop(target, iterable, filter, recursive, body, ParseElse("endfor"), line);
    }

    Statement ParseSet(int line)
    {
        var target = ParseTarget(withNamespace: true);
        if (_tokens.SkipSymbol("="))
            return new Assign(target, _expressions.ParseTuple(), line);
        var filtered = _expressions.ParseFilters(new Name(CapturedBlock.CapturedName, line), firstWithoutBar: false);
        return new AssignBlock(target, new CapturedBlock(ParseIsolatedBody("endset"), filtered), line);
    }

    Target ParseTarget(bool withNamespace)
    {
        var targets = new List<Target>();
        var isTuple = false;
        do
        {
            if (isTuple && !AtTarget())
                break;
            targets.Add(ParseSingleTarget(withNamespace));
            isTuple |= _tokens.IsSymbol(",");
        }
        while (_tokens.SkipSymbol(","));
        return isTuple ? new TupleTarget(targets) : targets[0];
    }

    bool AtTarget() => (_tokens.Current.Kind == TokenKind.Name && !_tokens.IsName("in")) || _tokens.IsSymbol("(");

    Target ParseSingleTarget(bool withNamespace)
    {
        if (_tokens.SkipSymbol("("))
        {
            _tokens.Enter();
            var inner = ParseTarget(withNamespace);
            _tokens.Leave();
            _tokens.ExpectSymbol(")");
            return inner;
        }
        var name = _tokens.Expect(TokenKind.Name, "a variable name");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None" || (name.Text == "loop" && !withNamespace))
            throw new TemplateSyntaxException($"cannot assign to '{name.Text}'", name.Line);
        if (withNamespace && _tokens.SkipSymbol("."))
            return new NamespaceTarget(name.Text, _tokens.Expect(TokenKind.Name, "an attribute name").Text);
        return new NameTarget(name.Text);
    }

    Statement ParseCall(int line)
    {
        var parameters = _tokens.IsSymbol("(") ? _expressions.ParseParameters() : [];
        if (_expressions.Parse() is not CallExpression call)
            throw new TemplateSyntaxException("a call block needs a macro call, as in {% call name() %}", line);
        return new CallBlock(ParseMacro("caller", parameters, "endcall"), call, line);
    }

    MacroDefinition ParseMacro(string name, IReadOnlyList<(string, Expression?)> parameters, string ending)
    {
        var outerNames = _expressions.NamesRead;
        _expressions.NamesRead = [];
        var body = ParseIsolatedBody(ending);
        var used = _expressions.NamesRead;
        outerNames.UnionWith(used);
        _expressions.NamesRead = outerNames;
        return new MacroDefinition(name, parameters, body, used.Contains("varargs"), used.Contains("kwargs"), used.Contains("caller"));
    }

    Statement ParseWith(int line)
    {
        var assignments = new List<(Target, Expression)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
                _tokens.ExpectSymbol(",");
            var target = ParseSingleTarget(withNamespace: false);
            _tokens.ExpectSymbol("=");
            assignments.Add((target, _expressions.Parse()));
        }
        return new With(assignments, ParseBody("endwith"), line);
    }

    // The rest of the opening tag, the body, and the name of the closing tag.
    Block ParseBody(string ending)
    {
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        var body = ParseUntil(ending);
        _tokens.ExpectName(ending);
        return body;
    }

    // A body that runs apart from the loops around it, so that break and continue cannot leave it.
    Block ParseIsolatedBody(string ending)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseBody(ending);
        _loops = loops;
        return body;
    }
}
