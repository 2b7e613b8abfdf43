using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Python slices, with steps and negative bounds.</summary>
static class Slicing
{
    public static object? Slice(Execution execution, object? owner, object? start, object? stop, object? step)
    {
        Undefined.Reject(execution, owner);
        switch (owner)
        {
            case MarkedString text:
                return SliceText(execution, text, Indices(execution, text.CodePointCount, start, stop, step));
            case JinjaSequence sequence:
                var picked = new List<object?>();
                foreach (var index in Walk(execution, Indices(execution, sequence.Items.Count, start, stop, step)))
                    picked.Add(sequence.Items[index]);
                return sequence is JinjaTuple ? new JinjaTuple(picked) : new JinjaList(picked);
            case JinjaRange range:
                var (first, count, stride) = Indices(execution, range.Count, start, stop, step);
                return new JinjaRange(
                    range.Start + (first * range.Step), range.Start + ((first + (count * (long)stride)) * range.Step), stride * range.Step, count);
            case JinjaDict:
                throw execution.Error("unhashable type: 'slice'");
            default:
                throw execution.Error($"'{TypeNames.Of(owner)}' object is not subscriptable");
        }
    }

    static MarkedString SliceText(Execution execution, MarkedString text, (int First, int Count, int Step) indices)
    {
        if (indices.Step == 1)
        {
            var from = text.OffsetOfCodePoint(indices.First);
            return execution.Slice(text, from, text.OffsetOfCodePoint(indices.First + indices.Count) - from);
        }
        var builder = new MarkedBuilder(execution);
        foreach (var index in Walk(execution, indices))
        {
            var start = text.OffsetOfCodePoint(index);
            builder.Append(text, start, text.OffsetOfCodePoint(index + 1) - start);
        }
        return builder.Build();
    }

    static IEnumerable<int> Walk(Execution execution, (int First, int Count, int Step) indices)
    {
        for (var i = 0; i < indices.Count; i++)
        {
            execution.Charge(1);
            yield return indices.First + (i * indices.Step);
        }
    }

    static (int First, int Count, int Step) Indices(Execution execution, int length, object? start, object? stop, object? step)
    {
        var stride = Bound(execution, step) ?? 1;
        if (stride == 0)
            execution.Fail("slice step cannot be zero");
        // A stride beyond the length picks one element, whatever it is.
        var clamped = (int)Math.Clamp(stride, -length - 1L, length + 1L);
        var (low, high) = clamped > 0 ? (0, length) : (-1, length - 1);
        var first = Clamp(Bound(execution, start), length, low, high, clamped > 0 ? low : high);
        var last = Clamp(Bound(execution, stop), length, low, high, clamped > 0 ? high : low);
        var span = clamped > 0 ? last - first : first - last;
        var count = span <= 0 ? 0 : ((span - 1) / Math.Abs(clamped)) + 1;
        return (count == 0 ? 0 : first, count, clamped);
    }

    static int Clamp(long? bound, int length, int low, int high, int absent)
    {
        if (bound is not { } value)
            return absent;
        return (int)Math.Clamp(value < 0 ? value + length : value, low, high);
    }

    static long? Bound(Execution execution, object? value)
    {
        Undefined.Reject(execution, value);
        if (value is null)
            return null;
        if (!Numbers.TryInteger(value, out var number))
            execution.Fail($"slice indices must be integers or None, not {TypeNames.Of(value)}");
        return number;
    }
}
