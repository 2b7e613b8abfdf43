using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Methods of <c>dict</c>.</summary>
static class DictMethods
{
    static readonly Dictionary<string, Func<Execution, JinjaDict, Arguments, object?>> Reading = new()
    {
        ["get"] = Get,
        ["keys"] = View("keys", DictViewKind.Keys),
        ["values"] = View("values", DictViewKind.Values),
        ["items"] = View("items", DictViewKind.Items),
        ["copy"] = Copy,
    };

    static readonly Dictionary<string, Func<Execution, JinjaDict, Arguments, object?>> Changing = new()
    {
        ["update"] = Update,
        ["pop"] = Pop,
        ["setdefault"] = SetDefault,
        ["clear"] = Clear,
    };

    public static object? Find(Execution execution, JinjaDict dict, string name)
    {
        if (Reading.TryGetValue(name, out var method))
            return new BoundMethod<JinjaDict>(dict, method);
        return Changing.TryGetValue(name, out method) ? Mutation.Allow(execution, "dict", name, new BoundMethod<JinjaDict>(dict, method)) : null;
    }

    static object? Get(Execution execution, JinjaDict dict, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "get", "key", "default");
        return dict.TryGet(bound.Required(0), out var value) ? value : bound.Get(1);
    }

    static Func<Execution, JinjaDict, Arguments, object?> View(string name, DictViewKind kind) => (execution, dict, arguments) =>
    {
        arguments.Bind(execution, name);
        return DictView.Of(execution, dict, kind);
    };

    static object? Copy(Execution execution, JinjaDict dict, Arguments arguments)
    {
        arguments.Bind(execution, "copy");
        var copy = new JinjaDict(execution);
        Fill(execution, copy, dict);
        return copy;
    }

    /// <summary>Sets what a mapping, or pairs, hold; the common part of <c>update</c> and <c>dict(...)</c>.</summary>
    public static void Fill(Execution execution, JinjaDict target, object? source)
    {
        if (source is JinjaDict dict)
        {
            foreach (var (key, value) in dict.Entries.ToList())
            {
                execution.Charge(1);
                target[key] = value;
            }
            return;
        }
        foreach (var pair in Iteration.Of(execution, source))
        {
            var parts = Iteration.ToList(execution, pair);
            if (parts.Count != 2)
                execution.Fail($"dictionary update sequence element has length {parts.Count}; 2 is required");
            target[parts[0]] = parts[1];
        }
    }

    static object? Update(Execution execution, JinjaDict dict, Arguments arguments)
    {
        foreach (var source in arguments.Positional)
            Fill(execution, dict, source);
        foreach (var (name, value) in arguments.Named)
            dict[MarkedString.Trusted(name)] = value;
        return null;
    }

    static object? Pop(Execution execution, JinjaDict dict, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "pop", "key", "default");
        if (!dict.Remove(bound.Required(0), out var value) && !bound.Has(1))
            execution.Fail($"pop(): no key {Printer.Repr(execution, bound.Get(0))}");
        return value ?? bound.Get(1);
    }

    static object? SetDefault(Execution execution, JinjaDict dict, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "setdefault", "key", "default");
        if (dict.TryGet(bound.Required(0), out var value))
            return value;
        dict[bound.Get(0)] = bound.Get(1);
        return bound.Get(1);
    }

    static object? Clear(Execution execution, JinjaDict dict, Arguments arguments)
    {
        arguments.Bind(execution, "clear");
        dict.Clear();
        return null;
    }
}
