using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Copies the caller's values into the engine's. Strings become input unless wrapped in <see cref="TrustedText"/>; keys always are input.</summary>
static class InputConverter
{
    public static object? Convert(Execution execution, object? value)
    {
        switch (value)
        {
            case null or bool or long or double:
                return value;
            case string text:
                return Input(execution, text);
            case TrustedText trusted:
                return MarkedString.Trusted(trusted.Value);
            case IEnumerable<TextSegment> pieces:
                return Pieces(execution, pieces);
            case int or short or byte or sbyte or ushort or uint:
                return System.Convert.ToInt64(value, CultureInfo.InvariantCulture);
            case ulong number:
                return Numbers.Normalise(execution, number);
            case BigInteger number:
                return Numbers.Normalise(execution, number);
            case float or decimal:
                return System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
            case JsonElement element:
                return FromJson(execution, element);
            case JsonNode node:
                return FromNode(execution, node);
            default:
                return Collection(execution, value);
        }
    }

    static object Collection(Execution execution, object value)
    {
        execution.Enter();
        object converted = value switch
        {
            IReadOnlyDictionary<string, object?> map => Dict(execution, map),
            IDictionary map => Dict(execution, Pairs(execution, map)),
            IEnumerable items => List(execution, items),
            _ => throw execution.Error($"a variable holds a {value.GetType()}; allowed are string, TrustedText, bool, numbers, null, "
                + "JsonElement, JsonNode, lists, and dictionaries with string keys. Convert it before rendering"),
        };
        execution.Leave();
        return converted;
    }

    static IEnumerable<KeyValuePair<string, object?>> Pairs(Execution execution, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            if (entry.Key is not string key)
                throw execution.Error($"a variable holds a dictionary with a key of type {entry.Key.GetType()}; only string keys are allowed");
            yield return KeyValuePair.Create(key, entry.Value);
        }
    }

    static JinjaDict Dict(Execution execution, IEnumerable<KeyValuePair<string, object?>> map)
    {
        var dict = new JinjaDict(execution);
        foreach (var (key, value) in map)
        {
            execution.Charge(1);
            dict[Input(execution, key)] = Convert(execution, value);
        }
        return dict;
    }

    static JinjaList List(Execution execution, IEnumerable items)
    {
        var list = new List<object?>();
        foreach (var item in items)
        {
            execution.Charge(1);
            list.Add(Convert(execution, item));
        }
        return new JinjaList(list);
    }

    static object? FromNode(Execution execution, JsonNode node)
    {
        if (node is JsonValue value)
            return Convert(execution, value.GetValue<object>());
        execution.Enter();
        object converted = node is JsonObject map
            ? Dict(execution, map.Select(p => KeyValuePair.Create(p.Key, (object?)p.Value)))
            : List(execution, node.AsArray());
        execution.Leave();
        return converted;
    }

    static object? FromJson(Execution execution, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                execution.Enter();
                var dict = Dict(execution, element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (object?)p.Value)));
                execution.Leave();
                return dict;
            case JsonValueKind.Array:
                execution.Enter();
                var list = List(execution, element.EnumerateArray());
                execution.Leave();
                return list;
            case JsonValueKind.String:
                return Input(execution, element.GetString()!);
            case JsonValueKind.Number:
                return Number(execution, element.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    // 1 stays an integer and 1.0 a float, however long.
    static object Number(Execution execution, string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        if (text.Length > Numbers.MaxBits / 3)
            execution.Fail($"a variable holds an integer of {text.Length} digits; at most {Numbers.MaxBits} bits are allowed");
        return Numbers.Normalise(execution, BigInteger.Parse(text, CultureInfo.InvariantCulture));
    }

    static MarkedString Pieces(Execution execution, IEnumerable<TextSegment> pieces)
    {
        var builder = new MarkedBuilder(execution);
        foreach (var piece in pieces)
            builder.Append(piece.Text, piece.IsInput);
        return builder.Build();
    }

    static MarkedString Input(Execution execution, string text)
    {
        execution.ChargeScan(text.Length);
        return MarkedString.Input(text);
    }
}
