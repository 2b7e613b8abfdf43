using static TorchSharp.torch;

namespace Ppd.Training.Demo.Training;

/// <summary>
/// Conversations packed into a window, each seeing only itself, with groups of prompt tokens behind them: columns <c>Text</c> and on hold group after group, each
/// hanging under one token of the window. A group sees the window up to that token and its own earlier members.
/// </summary>
/// <param name="Text">Tokens.</param>
/// <param name="Groups">Groups of prompt tokens.</param>
/// <param name="Count">Prompt tokens of a group.</param>
sealed record WindowShape(int Text, int Groups, int Count)
{
    public int Columns => Text + Groups * Count;
}

/// <summary>Managed buffers of one window, filled again for every step: fresh large arrays would trigger full collections all the time.</summary>
sealed class Window
{
    const float PromptWeight = 0.15f;   // of tokens that the model reads but never has to produce

    readonly WindowShape _shape;
    readonly long[] _ids;           // [text]
    readonly long[] _targets;       // [columns]: the token that column should predict
    readonly float[] _weights;      // [columns]: of that prediction in the loss
    readonly long[] _positions;     // [columns]
    readonly float[] _mask;         // [columns, columns]: 0 where a column may look, else -infinity
    readonly bool[] _isReply;       // [text]
    readonly int[] _starts;         // [text] where the conversation of a column begins

    public Window(WindowShape shape)
    {
        _shape = shape;
        _ids = new long[shape.Text];
        _targets = new long[shape.Columns];
        _weights = new float[shape.Columns];
        _positions = new long[shape.Columns];
        _mask = new float[shape.Columns * shape.Columns];
        _isReply = new bool[shape.Text];
        _starts = new int[shape.Text];
    }

    /// <summary>Packs the next conversations.</summary>
    public void Fill(Func<EncodedText> next, Random random)
    {
        Array.Clear(_weights);
        Array.Clear(_targets);
        Array.Fill(_mask, float.NegativeInfinity);
        PackText(next);
        for (var group = 0; group < _shape.Groups; group++) Hang(group, random);
    }

    /// <summary>The window as tensors: ids [1, text], positions and targets and weights [1, columns], mask [1, 1, columns, columns].</summary>
    public (Tensor Ids, Tensor Positions, Tensor Mask, Tensor Targets, Tensor Weights) ToTensors() =>
        (tensor(_ids).unsqueeze(0), tensor(_positions).unsqueeze(0), tensor(_mask).reshape(1, 1, _shape.Columns, _shape.Columns), tensor(_targets).unsqueeze(0), tensor(_weights).unsqueeze(0));

    void PackText(Func<EncodedText> next)
    {
        var at = 0;
        while (at < _shape.Text)
        {
            var text = next();
            var start = at;
            for (var i = 0; i < text.Tokens.Length && at < _shape.Text; i++, at++)
            {
                _ids[at] = text.Tokens[i];
                _isReply[at] = text.IsReply[i];
                _starts[at] = start;
            }
        }
        for (at = 0; at < _shape.Text; at++)
        {
            _positions[at] = at - _starts[at];
            _mask.AsSpan(at * _shape.Columns + _starts[at], at - _starts[at] + 1).Clear();
            if (at + 1 < _shape.Text && _starts[at + 1] == _starts[at]) Predict(at, at + 1, PromptWeight);
        }
    }

    // Under a token whose successor the assistant produces: nowhere else are prompt tokens used.
    void Hang(int group, Random random)
    {
        var under = random.Next(_shape.Text - 1);
        for (var tries = 0; tries < 50 && !(_isReply[under + 1] && _starts[under + 1] == _starts[under]); tries++) under = random.Next(_shape.Text - 1);
        var first = _shape.Text + group * _shape.Count;
        for (var k = 0; k < _shape.Count; k++)
        {
            var column = first + k;
            _positions[column] = under - _starts[under] + 1 + k;
            _mask.AsSpan(column * _shape.Columns + _starts[under], under - _starts[under] + 1).Clear();
            _mask.AsSpan(column * _shape.Columns + first, k + 1).Clear();
            var target = under + 2 + k;
            if (target < _shape.Text && _starts[target] == _starts[under]) Predict(column, target, 0);
        }
    }

    void Predict(int column, int target, float weightOfOthers)
    {
        _targets[column] = _ids[target];
        _weights[column] = _isReply[target] ? 1 : weightOfOthers;
    }
}
