using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>
/// Variables visible at a point of the template. Blocks that end a variable's life (for, macro, call, filter, set, with) get a scope of their
/// own; <c>if</c> does not. A macro keeps the scope it was defined in, so it sees what is assigned there later.
/// </summary>
sealed class Scope(Scope? parent)
{
    Dictionary<string, object?>? _variables;

    public void Set(string name, object? value) => (_variables ??= [])[name] = value;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._variables is not null && scope._variables.TryGetValue(name, out var value))
                return value;
        }
        return Undefined.Variable(name);
    }

    Scope? Parent { get; } = parent;
}
