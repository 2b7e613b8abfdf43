using System.Numerics;

namespace Ppd.Templates.Values;

/// <summary>Python's truth of a value: zero, nothing and empty are false.</summary>
static class Truth
{
    public static bool Of(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        MarkedString text => text.Length > 0,
        JinjaSequence sequence => sequence.Items.Count > 0,
        JinjaDict dict => dict.Count > 0,
        JinjaRange range => range.Count > 0,
        DictView view => view.Items.Count > 0,
        _ => true,
    };
}
