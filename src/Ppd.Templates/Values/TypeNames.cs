using System.Numerics;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python's names of the types, as they appear in its error messages.</summary>
static class TypeNames
{
    public static string Of(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        MarkedString => "str",
        JinjaList => "list",
        JinjaTuple => "tuple",
        JinjaDict => "dict",
        JinjaRange => "range",
        JinjaIterator iterator => iterator.TypeName,
        DictView { Kind: DictViewKind.Keys } => "dict_keys",
        DictView { Kind: DictViewKind.Values } => "dict_values",
        DictView => "dict_items",
        JinjaNamespace => "Namespace",
        Undefined => "Undefined",
        LoopState => "LoopContext",
        Macro => "Macro",
        Callable => "builtin_function_or_method",
        _ => value.GetType().Name,
    };
}
