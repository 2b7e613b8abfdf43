using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Functions every template can call.</summary>
static class Globals
{
    static readonly Dictionary<string, object?> ByName = new()
    {
        ["range"] = new BuiltIn(Range),
        ["namespace"] = new BuiltIn(Namespace),
        ["dict"] = new BuiltIn(Dict),
        ["raise_exception"] = new BuiltIn(Raise),
        ["strftime_now"] = new BuiltIn(Now),
    };

    public static Scope Scope()
    {
        var scope = new Scope(null);
        foreach (var (name, value) in ByName)
            scope.Set(name, value);
        return scope;
    }

    static object? Range(Execution execution, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "range", "start", "stop", "step");
        bound.Required(0);
        var (start, stop) = bound.Has(1) ? (Bound(execution, bound, 0), Bound(execution, bound, 1)) : (0, Bound(execution, bound, 0));
        var step = bound.Has(2) ? Bound(execution, bound, 2) : 1;
        if (step == 0)
            execution.Fail("range() arg 3 must not be zero");
        // Int128: the distance of two longs does not fit into one.
        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var stride = step > 0 ? (Int128)step : -(Int128)step;
        var count = distance <= 0 ? 0 : ((distance - 1) / stride) + 1;
        if (count > execution.Limits.MaxRangeLength)
            throw new TemplateLimitException(nameof(TemplateLimits.MaxRangeLength), execution.Limits.MaxRangeLength, execution.Line);
        return new JinjaRange(start, stop, step, (int)count);
    }

    static long Bound(Execution execution, Bound bound, int index)
    {
        var value = bound.Get(index);
        Undefined.Reject(execution, value);
        if (Numbers.TryInteger(value, out var number))
            return number;
        if (value is System.Numerics.BigInteger)
            throw new TemplateLimitException(nameof(TemplateLimits.MaxRangeLength), execution.Limits.MaxRangeLength, execution.Line);
        throw execution.Error($"'{TypeNames.Of(value)}' object cannot be interpreted as an integer");
    }

    static object? Namespace(Execution execution, Arguments arguments)
    {
        var ns = new JinjaNamespace();
        foreach (var (key, value) in Merged(execution, arguments).Entries)
            ns.Attributes[Printer.Text(execution, key)] = value;
        return ns;
    }

    static object? Dict(Execution execution, Arguments arguments) => Merged(execution, arguments);

    static JinjaDict Merged(Execution execution, Arguments arguments)
    {
        var dict = new JinjaDict(execution);
        foreach (var source in arguments.Positional)
            DictMethods.Fill(execution, dict, source);
        foreach (var (name, value) in arguments.Named)
            dict[MarkedString.Trusted(name)] = value;
        return dict;
    }

    static object? Raise(Execution execution, Arguments arguments) =>
        throw new TemplateRaisedException(
            Printer.Text(execution, arguments.Bind(execution, "raise_exception", "message").Get(0, MarkedString.Empty)), execution.Line);

    static object? Now(Execution execution, Arguments arguments)
    {
        var format = arguments.Bind(execution, "strftime_now", "format").Text(0);
        return MarkedString.Trusted(DateFormat.Format(execution, format.Text, execution.Clock.GetLocalNow()));
    }
}
