using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

/// <summary>How execution goes on after a statement.</summary>
enum Flow
{
    Next,
    Break,
    Continue,
}

abstract class Statement(int line)
{
    protected int Line { get; } = line;

    public Flow Execute(Execution execution, Scope scope)
    {
        execution.Line = Line;
        execution.Enter();
        var flow = Run(execution, scope);
        execution.Leave();
        return flow;
    }

    protected abstract Flow Run(Execution execution, Scope scope);
}

/// <summary>Statements in a row, as between <c>if</c> and <c>endif</c>.</summary>
sealed class Block(IReadOnlyList<Statement> statements)
{
    public Flow Execute(Execution execution, Scope scope)
    {
        foreach (var statement in statements)
        {
            var flow = statement.Execute(execution, scope);
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    /// <summary>Executes the block and returns what it wrote, instead of writing it.</summary>
    public MarkedString Capture(Execution execution, Scope scope)
    {
        var outer = execution.BeginCapture();
        Execute(execution, scope);
        return execution.EndCapture(outer);
    }
}

sealed class TextOutput(string text, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        execution.Output.Append(text);
        return Flow.Next;
    }
}

sealed class ExpressionOutput(Expression expression, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        execution.Output.Append(Printer.Str(execution, expression.Evaluate(execution, scope)));
        return Flow.Next;
    }
}

sealed class LoopControl(Flow flow, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope) => flow;
}

sealed class If(IReadOnlyList<(Expression Condition, Block Body)> branches, Block? otherwise, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        foreach (var (condition, body) in branches)
        {
            if (Truth.Of(condition.Evaluate(execution, scope)))
                return body.Execute(execution, scope);
        }
        return otherwise?.Execute(execution, scope) ?? Flow.Next;
    }
}
