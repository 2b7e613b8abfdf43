using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>Evaluated arguments of a call, and their assignment to parameter names as Python does it.</summary>
sealed class Arguments(IReadOnlyList<object?> positional, IReadOnlyList<KeyValuePair<string, object?>> named)
{
    public static Arguments None { get; } = new([], []);

    public IReadOnlyList<object?> Positional { get; } = positional;

    public IReadOnlyList<KeyValuePair<string, object?>> Named { get; } = named;

    public static Arguments Of(params object?[] positional) => new(positional, []);

    /// <summary>Assigns the arguments to <paramref name="parameters"/>; an argument too many or an unknown name is an error.</summary>
    public Bound Bind(Execution execution, string function, params string[] parameters)
    {
        if (Positional.Count > parameters.Length)
            execution.Fail($"{function}() takes at most {parameters.Length} argument(s), {Positional.Count} given");
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        for (var i = 0; i < Positional.Count; i++)
            (values[i], given[i]) = (Positional[i], true);
        foreach (var (name, value) in Named)
        {
            var at = Array.IndexOf(parameters, name);
            if (at < 0)
                execution.Fail($"{function}() got an unexpected keyword argument '{name}'");
            if (given[at])
                execution.Fail($"{function}() got multiple values for argument '{name}'");
            (values[at], given[at]) = (value, true);
        }
        return new Bound(execution, function, parameters, values, given);
    }

    public Arguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}

/// <summary>Arguments by parameter position, with the conversions built-in functions need.</summary>
sealed class Bound(Execution execution, string function, string[] parameters, object?[] values, bool[] given)
{
    public bool Has(int index) => given[index];

    /// <summary>The argument, or <paramref name="absent"/> when none was given.</summary>
    public object? Get(int index, object? absent = null) => given[index] ? values[index] : absent;

    public object? Required(int index)
    {
        if (!given[index])
            execution.Fail($"{function}() missing required argument: '{parameters[index]}'");
        return values[index];
    }

    public bool Flag(int index, bool absent) => given[index] ? Truth.Of(values[index]) : absent;

    /// <summary>An integer, clamped to int: larger ones only ever mean "all" or run into a limit.</summary>
    public int Int(int index, int absent)
    {
        if (!given[index])
            return absent;
        Undefined.Reject(execution, values[index]);
        if (!Numbers.TryInteger(values[index], out var number))
            execution.Fail($"{function}() argument '{parameters[index]}' must be an integer, not {TypeNames.Of(values[index])}");
        return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
    }

    public MarkedString Text(int index)
    {
        var value = Required(index);
        Undefined.Reject(execution, value);
        return value as MarkedString
            ?? throw execution.Error($"{function}() argument '{parameters[index]}' must be str, not {TypeNames.Of(value)}");
    }

    public MarkedString? TextOrNone(int index) => Get(index) is null ? null : Text(index);
}
