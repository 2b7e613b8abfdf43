using System.Numerics;
using Ppd.Templates.Nodes;
using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>What may stand after <c>is</c>.</summary>
static class Tests
{
    static readonly Dictionary<string, Func<Execution, object?, Arguments, bool>> ByName = new()
    {
        ["defined"] = Simple((_, value) => value is not Undefined),
        ["undefined"] = Simple((_, value) => value is Undefined),
        ["none"] = Simple((_, value) => value is null),
        ["boolean"] = Simple((_, value) => value is bool),
        ["true"] = Simple((_, value) => value is true),
        ["false"] = Simple((_, value) => value is false),
        ["integer"] = Simple((_, value) => value is long or BigInteger),
        ["float"] = Simple((_, value) => value is double),
        ["number"] = Simple((_, value) => Numbers.IsNumber(value)),
        ["string"] = Simple((_, value) => value is MarkedString),
        ["mapping"] = Simple((_, value) => value is JinjaDict),
        ["iterable"] = Simple((_, value) => Iteration.IsIterable(value)),
        ["sequence"] = Simple((_, value) => value is JinjaSequence or MarkedString or JinjaDict or JinjaRange or Undefined),
        ["callable"] = Simple((_, value) => value is Callable or Undefined),
        ["escaped"] = Simple((_, value) => value is MarkedString { IsMarkup: true }),
        ["lower"] = Simple((execution, value) => TextCase.IsAll(Printer.Text(execution, value), upper: false)),
        ["upper"] = Simple((execution, value) => TextCase.IsAll(Printer.Text(execution, value), upper: true)),
        ["odd"] = Simple((execution, value) => Remainder(execution, value, 2L) is 1L or 1.0),
        ["even"] = Simple((execution, value) => Remainder(execution, value, 2L) is 0L or 0.0),
        ["divisibleby"] = WithOperand((execution, value, divisor) => Remainder(execution, value, divisor) is 0L or 0.0),
        ["sameas"] = WithOperand((_, value, other) => IsSame(value, other)),
        ["filter"] = Simple((execution, value) => Filters.Exists(Printer.Text(execution, value))),
        ["test"] = Simple((execution, value) => Exists(Printer.Text(execution, value))),
        ["eq"] = Compared("=="),
        ["equalto"] = Compared("=="),
        ["=="] = Compared("=="),
        ["ne"] = Compared("!="),
        ["!="] = Compared("!="),
        ["lt"] = Compared("<"),
        ["lessthan"] = Compared("<"),
        ["<"] = Compared("<"),
        ["le"] = Compared("<="),
        ["<="] = Compared("<="),
        ["gt"] = Compared(">"),
        ["greaterthan"] = Compared(">"),
        [">"] = Compared(">"),
        ["ge"] = Compared(">="),
        [">="] = Compared(">="),
        ["in"] = Compared("in"),
    };

    public static bool Apply(Execution execution, string name, object? value, Arguments arguments) =>
        ByName.TryGetValue(name, out var test)
            ? test(execution, value, arguments)
            : throw execution.Error($"no test named '{name}'. Tests of this engine: {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}");

    static bool Exists(string name) => ByName.ContainsKey(name);

    static Func<Execution, object?, Arguments, bool> Simple(Func<Execution, object?, bool> test) => (execution, value, arguments) =>
    {
        arguments.Bind(execution, "test");
        return test(execution, value);
    };

    static Func<Execution, object?, Arguments, bool> WithOperand(Func<Execution, object?, object?, bool> test) =>
        (execution, value, arguments) => test(execution, value, arguments.Bind(execution, "test", "other").Required(0));

    static Func<Execution, object?, Arguments, bool> Compared(string symbol) =>
        WithOperand((execution, value, other) => Comparison.Holds(execution, value, symbol, other));

    static object? Remainder(Execution execution, object? value, object? divisor) => Arithmetic.Apply(execution, "%", value, divisor);

    // Identity: values that Python keeps once (None, True, small integers, literals) compare by value.
    static bool IsSame(object? value, object? other) => (value, other) switch
    {
        (MarkedString a, MarkedString b) => a.Equals(b),
        (bool or long or double, _) => value.Equals(other),
        _ => ReferenceEquals(value, other),
    };
}
