using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>The <c>loop</c> variable. Calling it runs the loop again over other items, when the loop is <c>recursive</c>.</summary>
sealed class LoopState(List<object?> items, int depth, Func<Execution, object?, int, MarkedString>? recurse) : Callable
{
    List<object?>? _lastChanged;

    public List<object?> Items { get; } = items;

    public int Index { get; set; }

    public object? Attribute(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(Items.Count - Index),
        "revindex0" => Items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == Items.Count - 1,
        "length" => (long)Items.Count,
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "previtem" => Index > 0 ? Items[Index - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index + 1 < Items.Count ? Items[Index + 1] : new Undefined("there is no next item"),
        "cycle" => new BuiltIn(Cycle),
        "changed" => new BuiltIn(Changed),
        _ => Undefined.Attribute(this, name),
    };

    public override object? Call(Execution execution, Arguments arguments)
    {
        if (recurse is null)
            throw execution.Error("the loop is not recursive: only a loop marked 'recursive' can be called");
        return recurse(execution, arguments.Bind(execution, "loop", "iterable").Required(0), depth + 1);
    }

    object? Cycle(Execution execution, Arguments arguments)
    {
        if (arguments.Positional.Count == 0)
            execution.Fail("loop.cycle() needs at least one value to cycle through");
        return arguments.Positional[Index % arguments.Positional.Count];
    }

    object? Changed(Execution execution, Arguments arguments)
    {
        var current = arguments.Positional.ToList();
        if (_lastChanged is not null && Equality.AreEqual(execution, new JinjaTuple(_lastChanged), new JinjaTuple(current)))
            return false;
        _lastChanged = current;
        return true;
    }
}
