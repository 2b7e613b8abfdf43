using Ppd.Templates.Library;
using Ppd.Templates.Values;

namespace Ppd.Templates.Runtime;

/// <summary>
/// <c>x.name</c> and <c>x[key]</c> as Jinja2 resolves them: the dot looks for a method first and for a key second, the bracket the other way
/// round; neither fails, the result is undefined.
/// </summary>
static class Subscript
{
    public static object? Attribute(Execution execution, object? owner, string name)
    {
        Undefined.Reject(execution, owner);
        if (Member(execution, owner, name, out var member))
            return member;
        return owner is JinjaDict dict && dict.TryGet(MarkedString.Trusted(name), out var value) ? value : Undefined.Attribute(owner, name);
    }

    public static object? Item(Execution execution, object? owner, object? key)
    {
        Undefined.Reject(execution, owner);
        if (Element(owner, key, out var element))
            return element;
        if (key is not MarkedString name)
            return key is Undefined missing && owner is JinjaDict ? missing : Undefined.Element(owner, key);
        return Member(execution, owner, name.Text, out var member) ? member : Undefined.Attribute(owner, name.Text);
    }

    /// <summary>
    /// The path of an attribute filter argument such as <c>function.name</c> or <c>0</c>. Where a step is undefined
    /// <paramref name="fallback"/>, when not null, takes its place.
    /// </summary>
    public static object? Path(Execution execution, object? owner, object? path, object? fallback = null)
    {
        if (path is not MarkedString text)
            return Item(execution, owner, path) is var item && item is Undefined ? fallback ?? item : item;
        foreach (var part in text.Text.Split('.'))
        {
            object key = part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit) ? long.Parse(part, null) : MarkedString.Trusted(part);
            owner = Item(execution, owner, key) is var next && next is Undefined ? fallback ?? next : next;
        }
        return owner;
    }

    static bool Element(object? owner, object? key, out object? element)
    {
        element = null;
        switch (owner)
        {
            case JinjaDict dict:
                return key is not (JinjaList or JinjaDict) && dict.TryGet(key, out element);
            case JinjaSequence sequence when TryIndex(key, sequence.Items.Count, out var index):
                element = sequence.Items[index];
                return true;
            case MarkedString text when TryIndex(key, text.CodePointCount, out var index):
                var start = text.OffsetOfCodePoint(index);
                element = text.Slice(start, text.OffsetOfCodePoint(index + 1) - start);
                return true;
            case JinjaRange range when TryIndex(key, range.Count, out var index):
                element = range[index];
                return true;
            default:
                return false;
        }
    }

    static bool TryIndex(object? key, int count, out int index)
    {
        index = 0;
        if (!Numbers.TryInteger(key, out var number))
            return false;
        if (number < 0)
            number += count;
        if (number < 0 || number >= count)
            return false;
        index = (int)number;
        return true;
    }

    static bool Member(Execution execution, object? owner, string name, out object? member)
    {
        if (owner is JinjaNamespace ns)
            return ns.Attributes.TryGetValue(name, out member);
        member = owner switch
        {
            MarkedString text => StringMethods.Find(text, name),
            JinjaDict dict => DictMethods.Find(execution, dict, name),
            JinjaSequence sequence => SequenceMethods.Find(execution, sequence, name),
            LoopState loop => loop.Attribute(name),
            _ => null,
        };
        // previtem and nextitem may be None, which is a value like any other.
        return member is not null || owner is LoopState;
    }
}
