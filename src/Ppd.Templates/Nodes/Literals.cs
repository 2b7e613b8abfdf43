using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

sealed class Literal(object? value, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) => value;
}

sealed class Name(string identifier, int line) : Expression(line)
{
    public string Identifier { get; } = identifier;

    protected override object? Compute(Execution execution, Scope scope) => scope.Get(Identifier);
}

sealed class ListLiteral(IReadOnlyList<Expression> items, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) =>
        new JinjaList([.. items.Select(item => item.Evaluate(execution, scope))]);
}

sealed class TupleLiteral(IReadOnlyList<Expression> items, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) =>
        new JinjaTuple([.. items.Select(item => item.Evaluate(execution, scope))]);
}

sealed class DictLiteral(IReadOnlyList<KeyValuePair<Expression, Expression>> entries, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var dict = new JinjaDict(execution);
        foreach (var (key, value) in entries)
            dict[key.Evaluate(execution, scope)] = value.Evaluate(execution, scope);
        return dict;
    }
}
