using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

/// <summary>What can stand left of an assignment.</summary>
abstract class Target
{
    public abstract void Assign(Execution execution, Scope scope, object? value);
}

sealed class NameTarget(string name) : Target
{
    public override void Assign(Execution execution, Scope scope, object? value) => scope.Set(name, value);
}

sealed class NamespaceTarget(string name, string attribute) : Target
{
    public override void Assign(Execution execution, Scope scope, object? value)
    {
        var owner = scope.Get(name);
        if (owner is not JinjaNamespace ns)
            throw execution.Error($"cannot assign attribute on non-namespace object: '{name}' is a {TypeNames.Of(owner)}");
        ns.Attributes[attribute] = value;
    }
}

sealed class TupleTarget(IReadOnlyList<Target> targets) : Target
{
    public override void Assign(Execution execution, Scope scope, object? value)
    {
        Undefined.Reject(execution, value);
        if (!Iteration.IsIterable(value))
            execution.Fail($"cannot unpack non-iterable {TypeNames.Of(value)} object");
        var items = Iteration.ToList(execution, value);
        if (items.Count != targets.Count)
            execution.Fail($"{(items.Count < targets.Count ? "not enough" : "too many")} values to unpack (expected {targets.Count}, got {items.Count})");
        for (var i = 0; i < targets.Count; i++)
            targets[i].Assign(execution, scope, items[i]);
    }
}
