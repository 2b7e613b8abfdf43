using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

sealed class AttributeAccess(Expression owner, string name, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope) =>
        Subscript.Attribute(execution, owner.Evaluate(execution, scope), name);
}

sealed class ItemAccess(Expression owner, Expression key, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var container = owner.Evaluate(execution, scope);
        return Subscript.Item(execution, container, key.Evaluate(execution, scope));
    }
}

sealed class SliceAccess(Expression owner, Expression? start, Expression? stop, Expression? step, int line) : Expression(line)
{
    protected override object? Compute(Execution execution, Scope scope)
    {
        var container = owner.Evaluate(execution, scope);
        return Slicing.Slice(
            execution, container, start?.Evaluate(execution, scope), stop?.Evaluate(execution, scope), step?.Evaluate(execution, scope));
    }
}
