using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>Filters that apply a test, a filter or an attribute to every element.</summary>
static class SelectionFilters
{
    public static IReadOnlyDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["select"] = (execution, value, arguments) => Select(execution, value, arguments, byAttribute: false, wanted: true),
        ["reject"] = (execution, value, arguments) => Select(execution, value, arguments, byAttribute: false, wanted: false),
        ["selectattr"] = (execution, value, arguments) => Select(execution, value, arguments, byAttribute: true, wanted: true),
        ["rejectattr"] = (execution, value, arguments) => Select(execution, value, arguments, byAttribute: true, wanted: false),
        ["map"] = Map,
        ["attr"] = Attribute,
        ["default"] = Default,
        ["d"] = Default,
    };

    static object? Select(Execution execution, object? value, Arguments arguments, bool byAttribute, bool wanted)
    {
        // Jinja2 does not even look into what is false, so None is fine here.
        if (!Truth.Of(value))
            return SequenceFilters.Generator([]);
        object? attribute = null;
        if (byAttribute)
        {
            if (arguments.Positional.Count == 0)
                execution.Fail("selectattr() and rejectattr() need an attribute name");
            attribute = arguments.Positional[0];
            arguments = arguments.Skip(1);
        }
        var test = arguments.Positional.Count > 0 ? Printer.Text(execution, arguments.Positional[0]) : null;
        var rest = arguments.Skip(1);
        bool Holds(object? item)
        {
            var tested = byAttribute ? Subscript.Path(execution, item, attribute) : item;
            return test is null ? Truth.Of(tested) : Tests.Apply(execution, test, tested, rest);
        }
        return SequenceFilters.Generator([.. Iteration.Of(execution, value).Where(item => Holds(item) == wanted)]);
    }

    static object? Map(Execution execution, object? value, Arguments arguments)
    {
        if (!Truth.Of(value))
            return SequenceFilters.Generator([]);
        Func<object?, object?> map;
        if (arguments.Positional.Count > 0)
        {
            var name = Printer.Text(execution, arguments.Positional[0]);
            var rest = arguments.Skip(1);
            map = item => Filters.Apply(execution, name, item, rest);
        }
        else
        {
            var bound = arguments.Bind(execution, "map", "attribute", "default");
            var attribute = bound.Required(0);
            map = item => Subscript.Path(execution, item, attribute, bound.Get(1));
        }
        execution.Enter();
        var mapped = Iteration.Of(execution, value).Select(map).ToList();
        execution.Leave();
        return SequenceFilters.Generator(mapped);
    }

    static object? Attribute(Execution execution, object? value, Arguments arguments)
    {
        var name = arguments.Bind(execution, "attr", "name").Text(0).Text;
        Undefined.Reject(execution, value);
        // Unlike the dot this never looks at the keys of a dict.
        return value is JinjaDict dict && dict.Contains(MarkedString.Trusted(name)) && DictMethods.Find(execution, dict, name) is null
            ? Undefined.Attribute(value, name)
            : Subscript.Attribute(execution, value, name);
    }

    static object? Default(Execution execution, object? value, Arguments arguments)
    {
        var bound = arguments.Bind(execution, "default", "default_value", "boolean");
        var isMissing = value is Undefined || (bound.Flag(1, false) && !Truth.Of(value));
        return isMissing ? bound.Get(0, MarkedString.Empty) : value;
    }
}
