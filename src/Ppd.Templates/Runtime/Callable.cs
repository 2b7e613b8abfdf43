using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>Anything a template can call: macros, functions, bound methods, the recursive loop.</summary>
abstract class Callable
{
    public abstract object? Call(Execution execution, Arguments arguments);
}

/// <summary>A function of this library.</summary>
sealed class BuiltIn(Func<Execution, Arguments, object?> body) : Callable
{
    public override object? Call(Execution execution, Arguments arguments) => body(execution, arguments);
}

/// <summary>A method together with the value it was read from.</summary>
sealed class BoundMethod<TOwner>(TOwner owner, Func<Execution, TOwner, Arguments, object?> body) : Callable
{
    public override object? Call(Execution execution, Arguments arguments) => body(execution, owner, arguments);
}

static class Calls
{
    public static object? Invoke(Execution execution, object? callee, Arguments arguments)
    {
        Undefined.Reject(execution, callee);
        if (callee is not Callable callable)
            throw execution.Error($"'{TypeNames.Of(callee)}' object is not callable");
        return callable.Call(execution, arguments);
    }
}
