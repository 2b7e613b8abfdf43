using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

sealed class Not(Expression operand, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) => !Truth.Of(operand.Evaluate(execution, scope));
}

/// <summary><c>and</c>, <c>or</c>: the value of the operand that decided, not a bool.</summary>
sealed class Logical(Expression left, bool isOr, Expression right, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var first = left.Evaluate(execution, scope);
        return Truth.Of(first) == isOr ? first : right.Evaluate(execution, scope);
    }
}

sealed class Sign(Expression operand, bool negative, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) =>
        Arithmetic.Negate(execution, operand.Evaluate(execution, scope), negative);
}

sealed class Calculation(Expression left, string symbol, Expression right, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var first = left.Evaluate(execution, scope);
        return Arithmetic.Apply(execution, symbol, first, right.Evaluate(execution, scope));
    }
}

/// <summary><c>~</c>: everything as text.</summary>
sealed class Concatenation(IReadOnlyList<Expression> parts, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var builder = new MarkedBuilder(execution);
        foreach (var part in parts)
            builder.Append(Printer.Str(execution, part.Evaluate(execution, scope)));
        return builder.Build();
    }
}

/// <summary><c>a &lt; b &lt;= c</c>: true when every neighbouring pair compares so; each operand is evaluated at most once.</summary>
sealed class Comparison(Expression first, IReadOnlyList<(string Symbol, Expression Operand)> rest, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var left = first.Evaluate(execution, scope);
        foreach (var (symbol, operand) in rest)
        {
            var right = operand.Evaluate(execution, scope);
            if (!Holds(execution, left, symbol, right))
                return false;
            left = right;
        }
        return true;
    }

    public static bool Holds(Execution execution, object? left, string symbol, object? right) => symbol switch
    {
        "==" => Equality.AreEqual(execution, left, right),
        "!=" => !Equality.AreEqual(execution, left, right),
        "in" => Iteration.Contains(execution, right, left),
        "not in" => !Iteration.Contains(execution, right, left),
        "<" => Ordering.Compare(execution, left, right, symbol) < 0,
        "<=" => Ordering.Compare(execution, left, right, symbol) <= 0,
        ">" => Ordering.Compare(execution, left, right, symbol) > 0,
        _ => Ordering.Compare(execution, left, right, symbol) >= 0,
    };
}

sealed class Conditional(Expression condition, Expression then, Expression? otherwise, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        if (Truth.Of(condition.Evaluate(execution, scope)))
            return then.Evaluate(execution, scope);
        return otherwise is null
            ? new Undefined("the inline if-expression evaluated to false and no else section was defined.")
            : otherwise.Evaluate(execution, scope);
    }
}
