using Ppd.Templates.Nodes;
using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>A macro, or the body of a <c>call</c> block, with the scope it was defined in.</summary>
sealed class Macro(MacroDefinition definition, Scope definedIn) : Callable
{
    public override object? Call(Execution execution, Arguments arguments)
    {
        var scope = new Scope(definedIn);
        BindParameters(execution, scope, arguments);
        return definition.Body.Capture(execution, scope);
    }

    void BindParameters(Execution execution, Scope scope, Arguments arguments)
    {
        var parameters = definition.Parameters;
        if (arguments.Positional.Count > parameters.Count && !definition.UsesVarArgs)
            execution.Fail($"macro '{definition.Name}' takes not more than {parameters.Count} argument(s)");
        var rest = arguments.Named.ToDictionary(n => n.Key, n => n.Value);
        rest.Remove("caller", out var caller);
        if (caller is not null && !definition.UsesCaller)
            execution.Fail($"macro '{definition.Name}' was invoked with a call block but never uses caller()");
        if (definition.UsesCaller)
            scope.Set("caller", caller ?? new Undefined("No caller defined"));
        for (var i = 0; i < parameters.Count; i++)
        {
            var (name, fallback) = parameters[i];
            var named = rest.Remove(name, out var value);
            if (i < arguments.Positional.Count)
            {
                if (named)
                    execution.Fail($"macro '{definition.Name}' got multiple values for argument '{name}'");
                value = arguments.Positional[i];
            }
            else if (!named)
            {
                value = fallback is null
                    ? new Undefined($"parameter '{name}' was not provided")
                    : fallback.Evaluate(execution, scope);
            }
            scope.Set(name, value);
        }
        BindSurplus(execution, scope, arguments, rest);
    }

    void BindSurplus(Execution execution, Scope scope, Arguments arguments, Dictionary<string, object?> rest)
    {
        if (rest.Count > 0 && !definition.UsesKeywordArgs)
            execution.Fail($"macro '{definition.Name}' takes no keyword argument '{rest.Keys.First()}'");
        if (definition.UsesVarArgs)
            scope.Set("varargs", new JinjaTuple([.. arguments.Positional.Skip(definition.Parameters.Count)]));
        if (definition.UsesKeywordArgs)
        {
            var dict = new JinjaDict(execution);
            foreach (var (name, value) in rest)
                dict[MarkedString.Trusted(name)] = value;
            scope.Set("kwargs", dict);
        }
    }
}
