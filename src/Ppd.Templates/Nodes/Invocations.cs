using Ppd.Templates.Library;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

/// <summary>The arguments as written: positional, <c>*list</c>, <c>name=value</c> and <c>**dict</c>.</summary>
sealed class ArgumentList(
    IReadOnlyList<Expression> positional, IReadOnlyList<KeyValuePair<string, Expression>> named, Expression? spread, Expression? namedSpread)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    public Arguments Evaluate(Execution execution, Scope scope, object? caller = null)
    {
        if (caller is null && positional.Count == 0 && named.Count == 0 && spread is null && namedSpread is null)
            return Arguments.None;
        var values = positional.Select(p => p.Evaluate(execution, scope)).ToList();
        if (spread is not null)
            values.AddRange(Iteration.Of(execution, spread.Evaluate(execution, scope)));
        var names = named.Select(n => KeyValuePair.Create(n.Key, n.Value.Evaluate(execution, scope))).ToList();
        if (namedSpread is not null)
            names.AddRange(Spread(execution, namedSpread.Evaluate(execution, scope)));
        if (caller is not null)
            names.Add(KeyValuePair.Create("caller", (object?)caller));
        if (names.Count > 1 && names.Select(n => n.Key).Distinct().Count() < names.Count)
            execution.Fail("the same keyword argument is given twice");
        return new Arguments(values, names);
    }

    static List<KeyValuePair<string, object?>> Spread(Execution execution, object? value)
    {
        if (value is not JinjaDict dict)
            throw execution.Error($"argument after ** must be a mapping, not {TypeNames.Of(value)}");
        execution.Charge(dict.Count);
        return [.. dict.Entries.Select(e => KeyValuePair.Create(
            (e.Key as MarkedString ?? throw execution.Error("keywords must be strings")).Text, e.Value))];
    }
}

sealed class CallExpression(Expression callee, ArgumentList arguments, int line) : Expression(line)
{
    public object? Call(Execution execution, Scope scope, object? caller)
    {
        var target = callee.Evaluate(execution, scope);
        return Calls.Invoke(execution, target, arguments.Evaluate(execution, scope, caller));
    }

    protected override object? Compute(Execution execution, Scope scope) => Call(execution, scope, null);
}

sealed class FilterExpression(Expression operand, string name, ArgumentList arguments, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var value = operand.Evaluate(execution, scope);
        return Filters.Apply(execution, name, value, arguments.Evaluate(execution, scope));
    }
}

sealed class TestExpression(Expression operand, string name, ArgumentList arguments, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var value = operand.Evaluate(execution, scope);
        return Tests.Apply(execution, name, value, arguments.Evaluate(execution, scope));
    }
}
