using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

/// <summary><c>for</c>: every turn has a fresh scope, so what one turn sets the next does not see.</summary>
sealed class ForLoop(Target target, Expression iterable, Expression? filter, bool recursive, Block body, Block? otherwise, int line)
    : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        Iterate(execution, scope, iterable.Evaluate(execution, scope), 0);
        return Flow.Next;
    }

    void Iterate(Execution execution, Scope scope, object? items, int depth)
    {
        Func<Execution, object?, int, MarkedString>? recurse = recursive ? (e, inner, level) => Recurse(e, scope, inner, level) : null;
        var loop = new LoopState(Selected(execution, scope, items), depth, recurse);
        for (; loop.Index < loop.Items.Count; loop.Index++)
        {
            execution.Charge(1);
            var turn = new Scope(scope);
            turn.Set("loop", loop);
            target.Assign(execution, turn, loop.Items[loop.Index]);
            if (body.Execute(execution, turn) == Flow.Break)
                break;
        }
        if (loop.Items.Count == 0)
            otherwise?.Execute(execution, new Scope(scope));
    }

    MarkedString Recurse(Execution execution, Scope scope, object? items, int depth)
    {
        var outer = execution.BeginCapture();
        Iterate(execution, scope, items, depth);
        return execution.EndCapture(outer);
    }

    List<object?> Selected(Execution execution, Scope scope, object? items)
    {
        if (filter is null)
            return Iteration.ToList(execution, items);
        var selected = new List<object?>();
        foreach (var item in Iteration.Of(execution, items))
        {
            var test = new Scope(scope);
            target.Assign(execution, test, item);
            if (Truth.Of(filter.Evaluate(execution, test)))
                selected.Add(item);
        }
        return selected;
    }
}
