using System.Text;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Values;

/// <summary>Builds a <see cref="MarkedString"/>; every character is charged to the render and the length limit holds while it grows.</summary>
sealed class MarkedBuilder(Execution execution)
{
    const int ChunkLength = 1_024;

    readonly StringBuilder _text = new();
    readonly List<int> _ends = [];
    bool _firstIsInput;

    public int Length => _text.Length;

    bool LastIsInput => _firstIsInput ^ (_ends.Count & 1) == 0;

    public MarkedBuilder Append(ReadOnlySpan<char> text, bool isInput)
    {
        if (text.Length == 0)
            return this;
        execution.ChargeText(_text.Length, text.Length);
        _text.Append(text);
        Mark(isInput);
        return this;
    }

    public MarkedBuilder Append(string trusted) => Append(trusted, false);

    public MarkedBuilder Append(char c, bool isInput) => Append([c], isInput);

    public MarkedBuilder Append(MarkedString value) => Append(value, 0, value.Length);

    public MarkedBuilder Append(MarkedString value, int start, int length)
    {
        if (length == 0)
            return this;
        var last = value.RunIndexAt(start + length - 1);
        for (var i = value.RunIndexAt(start); i <= last; i++)
        {
            var run = value.Run(i);
            var from = Math.Max(run.Start, start);
            var to = Math.Min(run.Start + run.Length, start + length);
            Append(value.Text.AsSpan(from, to - from), run.IsInput);
        }
        return this;
    }

    /// <summary>The same text <paramref name="count"/> times; none when negative. Refuses before it builds.</summary>
    public MarkedBuilder AppendRepeated(MarkedString value, long count)
    {
        if (count <= 0 || value.Length == 0)
            return this;
        execution.CheckLength(_text.Length, count > int.MaxValue ? long.MaxValue / 2 : count * value.Length);
        if (value.RunCount == 1 && count > 1)
        {
            // In chunks: one character a million times would otherwise be a million appends.
            var copies = Math.Clamp(ChunkLength / value.Length, 1, (int)Math.Min(count, ChunkLength));
            var chunk = string.Concat(Enumerable.Repeat(value.Text, copies));
            for (; count >= copies; count -= copies)
                Append(chunk, value.Run(0).IsInput);
        }
        for (var i = 0L; i < count; i++)
            Append(value);
        return this;
    }

    public MarkedString Build() => MarkedString.FromRuns(_text.ToString(), _ends, _firstIsInput);

    void Mark(bool isInput)
    {
        if (_ends.Count == 0)
        {
            _firstIsInput = isInput;
            _ends.Add(_text.Length);
        }
        else if (LastIsInput == isInput)
        {
            _ends[^1] = _text.Length;
        }
        else
        {
            _ends.Add(_text.Length);
        }
    }
}
