using Ppd.Templates.Runtime;

namespace Ppd.Templates.Nodes;

/// <summary>A part of an expression. Evaluating it costs a step and a level of depth.</summary>
abstract class Expression(int line)
{
    public int Line { get; } = line;

    public object? Evaluate(Execution execution, Scope scope)
    {
        var outerLine = execution.Line;
        execution.Line = Line;
        execution.Enter();
        var value = Compute(execution, scope);
        execution.Leave();
        execution.Line = outerLine;
        return value;
    }

    protected abstract object? Compute(Execution execution, Scope scope);
}
