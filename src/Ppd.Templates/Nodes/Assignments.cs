using Ppd.Templates.Runtime;

namespace Ppd.Templates.Nodes;

sealed class Assign(Target target, Expression value, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        target.Assign(execution, scope, value.Evaluate(execution, scope));
        return Flow.Next;
    }
}

/// <summary>
/// A block whose output goes through filters before it is written or assigned: <c>{% filter %}</c>, <c>{% set x %}</c>. The filters are parsed
/// as an expression over <see cref="CapturedName"/>.
/// </summary>
sealed class CapturedBlock(Block body, Expression filtered)
{
    /// <summary>Holds the block's output while its filters run; no template can use this name.</summary>
    public const string CapturedName = " captured";

    public object? Evaluate(Execution execution, Scope scope)
    {
        var inner = new Scope(scope);
        inner.Set(CapturedName, body.Capture(execution, new Scope(scope)));
        return filtered.Evaluate(execution, inner);
    }
}

sealed class AssignBlock(Target target, CapturedBlock captured, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        target.Assign(execution, scope, captured.Evaluate(execution, scope));
        return Flow.Next;
    }
}

sealed class FilterBlock(CapturedBlock captured, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        execution.Output.Append(Values.Printer.Str(execution, captured.Evaluate(execution, scope)));
        return Flow.Next;
    }
}

/// <summary>A block with variables of its own: <c>{% with %}</c>, and <c>{% generation %}</c>, which has none.</summary>
sealed class With(IReadOnlyList<(Target Target, Expression Value)> assignments, Block body, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in assignments)
            target.Assign(execution, inner, value.Evaluate(execution, scope));
        return body.Execute(execution, inner);
    }
}
