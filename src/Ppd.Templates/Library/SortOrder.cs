using Ppd.Templates.Runtime;
using Ppd.Templates.Values;

namespace Ppd.Templates.Library;

/// <summary>
/// Stable sorting as Python does it. A merge sort of our own, because the framework wraps what a comparison throws and here comparisons do
/// throw: on types that do not compare and on limits.
/// </summary>
sealed class SortOrder(Execution execution, bool reverse, bool caseSensitive)
{
    /// <summary>What an item is compared by: strings without case unless asked otherwise.</summary>
    public object? Key(object? value) => !caseSensitive && value is MarkedString text ? TextCase.Lower(execution, text) : value;

    public int CompareKeys(object? left, object? right)
    {
        execution.Charge(1);
        return Ordering.Compare(execution, left, right, "<") ?? 0;
    }

    public List<object?> Sort(List<object?> items, Func<object?, object?> key)
    {
        var keyed = items.Select(item => (Key: KeyOf(key(item)), Item: item)).ToArray();
        var buffer = new (object? Key, object? Item)[keyed.Length];
        for (var width = 1; width < keyed.Length; width *= 2)
        {
            for (var start = 0; start < keyed.Length; start += 2 * width)
                Merge(keyed, buffer, start, Math.Min(start + width, keyed.Length), Math.Min(start + (2 * width), keyed.Length));
            (keyed, buffer) = (buffer, keyed);
        }
        return [.. keyed.Select(k => k.Item)];
    }

    // Several sort keys come as a tuple; each loses its case on its own.
    object? KeyOf(object? value) => value is JinjaTuple tuple ? new JinjaTuple([.. tuple.Items.Select(Key)]) : Key(value);

    void Merge((object? Key, object? Item)[] from, (object? Key, object? Item)[] to, int start, int middle, int end)
    {
        var (left, right) = (start, middle);
        for (var i = start; i < end; i++)
        {
            // On a tie the left one goes first, in reverse too, which keeps the sort stable.
            var takeRight = left >= middle
                || (right < end && (reverse ? CompareKeys(from[left].Key, from[right].Key) < 0 : CompareKeys(from[right].Key, from[left].Key) < 0));
            to[i] = takeRight ? from[right++] : from[left++];
        }
    }
}
