using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Methods of <c>list</c> and <c>tuple</c>.</summary>
static class SequenceMethods
{
    static readonly Dictionary<string, Func<Execution, JinjaSequence, Arguments, object?>> Reading = new()
    {
        ["count"] = Count,
        ["index"] = Index,
    };

    static readonly Dictionary<string, Func<Execution, JinjaSequence, Arguments, object?>> Changing = new()
    {
        ["append"] = Append,
        ["extend"] = Extend,
        ["insert"] = Insert,
        ["pop"] = Pop,
        ["remove"] = Remove,
        ["reverse"] = Reverse,
        ["clear"] = Clear,
    };

    public static object? Find(Execution execution, JinjaSequence sequence, string name)
    {
        if (Reading.TryGetValue(name, out var method))
            return new BoundMethod<JinjaSequence>(sequence, method);
        if (sequence is not JinjaList)
            return null;
        if (name == "copy")
            return new BoundMethod<JinjaSequence>(sequence, Copy);
        return Changing.TryGetValue(name, out method) ? Mutation.Allow(execution, "list", name, new BoundMethod<JinjaSequence>(sequence, method)) : null;
    }

    static object? Count(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        var wanted = arguments.Bind(execution, "count", "value").Required(0);
        return Iteration.Of(execution, sequence).LongCount(item => Equality.AreEqual(execution, item, wanted));
    }

    static object? Index(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        var wanted = arguments.Bind(execution, "index", "value").Required(0);
        return (long)IndexOf(execution, sequence, wanted, "index");
    }

    static int IndexOf(Execution execution, JinjaSequence sequence, object? wanted, string method)
    {
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            execution.Charge(1);
            if (Equality.AreEqual(execution, sequence.Items[i], wanted))
                return i;
        }
        throw execution.Error($"{method}(): the value is not in the list");
    }

    static object? Copy(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        arguments.Bind(execution, "copy");
        return new JinjaList(Iteration.ToList(execution, sequence));
    }

    static object? Append(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        sequence.Items.Add(arguments.Bind(execution, "append", "object").Required(0));
        return null;
    }

    static object? Extend(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        sequence.Items.AddRange(Iteration.ToList(execution, arguments.Bind(execution, "extend", "iterable").Required(0)));
        return null;
    }

    static object? Insert(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "insert", "index", "object");
        bound.Required(0);
        var index = (long)bound.Int(0, 0);
        execution.Charge(sequence.Items.Count);
        sequence.Items.Insert((int)Math.Clamp(index < 0 ? index + sequence.Items.Count : index, 0, sequence.Items.Count), bound.Required(1));
        return null;
    }

    static object? Pop(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        var index = (long)arguments.Bind(execution, "pop", "index").Int(0, -1);
        if (index < 0)
            index += sequence.Items.Count;
        if (index < 0 || index >= sequence.Items.Count)
            execution.Fail("pop index out of range");
        execution.Charge(sequence.Items.Count - index);
        var item = sequence.Items[(int)index];
        sequence.Items.RemoveAt((int)index);
        return item;
    }

    static object? Remove(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        var wanted = arguments.Bind(execution, "remove", "value").Required(0);
        execution.Charge(sequence.Items.Count);
        sequence.Items.RemoveAt(IndexOf(execution, sequence, wanted, "remove"));
        return null;
    }

    static object? Reverse(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        arguments.Bind(execution, "reverse");
        execution.Charge(sequence.Items.Count);
        sequence.Items.Reverse();
        return null;
    }

    static object? Clear(Execution execution, JinjaSequence sequence, Arguments arguments)
    {
        arguments.Bind(execution, "clear");
        sequence.Items.Clear();
        return null;
    }
}
