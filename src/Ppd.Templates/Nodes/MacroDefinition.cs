using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Nodes;

/// <summary>A macro as written, or the body of a <c>call</c> block, which is a macro named <c>caller</c>.</summary>
sealed record MacroDefinition(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, Block Body, bool UsesVarArgs, bool UsesKeywordArgs, bool UsesCaller);

sealed class MacroStatement(MacroDefinition definition, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        scope.Set(definition.Name, new Macro(definition, scope));
        return Flow.Next;
    }
}

sealed class CallBlock(MacroDefinition caller, CallExpression call, int line) : Statement(line)
{
    protected override Flow Run(Execution execution, Scope scope)
    {
        var result = call.Call(execution, scope, new Macro(caller, scope));
        execution.Output.Append(Printer.Str(execution, result));
        return Flow.Next;
    }
}
