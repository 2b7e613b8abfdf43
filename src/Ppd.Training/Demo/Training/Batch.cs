using static TorchSharp.torch;

namespace Ppd.Training.Demo.Training;

/// <summary>
/// Conversations packed into windows, each seeing only itself, with groups of prompt tokens behind them: columns <c>Text</c> and on hold group after group, each
/// hanging under one token of the window. A group sees the window up to that token and its own earlier members.
/// </summary>
/// <param name="Rows">Windows.</param>
/// <param name="Text">Tokens of a window.</param>
/// <param name="Groups">Groups of prompt tokens a window.</param>
/// <param name="Count">Prompt tokens of a group.</param>
sealed record BatchShape(int Rows, int Text, int Groups, int Count)
{
    public int Columns => Text + Groups * Count;
}

/// <summary>Managed buffers of one batch, filled again for every step: fresh large arrays would trigger full collections all the time.</summary>
sealed class Batch
{
    const float PromptWeight = 0.15f;   // of tokens that the model reads but never has to produce

    readonly BatchShape _shape;
    readonly long[] _ids;           // [rows, text]
    readonly long[] _targets;       // [rows, columns]: the token that column should predict
    readonly float[] _weights;      // [rows, columns]: of that prediction in the loss
    readonly long[] _positions;     // [rows, columns]
    readonly float[] _mask;         // [rows, columns, columns]: 0 where a column may look, else -infinity
    readonly bool[] _isReply;       // [text] of the window being packed
    readonly int[] _starts;         // [text] where the conversation of a column begins

    public Batch(BatchShape shape)
    {
        _shape = shape;
        _ids = new long[shape.Rows * shape.Text];
        _targets = new long[shape.Rows * shape.Columns];
        _weights = new float[shape.Rows * shape.Columns];
        _positions = new long[shape.Rows * shape.Columns];
        _mask = new float[shape.Rows * shape.Columns * shape.Columns];
        _isReply = new bool[shape.Text];
        _starts = new int[shape.Text];
    }

    /// <summary>Packs the next conversations.</summary>
    public void Fill(Func<EncodedText> next, Random random)
    {
        Array.Clear(_weights);
        Array.Clear(_targets);
        Array.Fill(_mask, float.NegativeInfinity);
        for (var row = 0; row < _shape.Rows; row++)
        {
            PackText(row, next);
            for (var group = 0; group < _shape.Groups; group++) Hang(row, group, random);
        }
    }

    /// <summary>The batch as tensors: ids [rows, text], positions and targets and weights [rows, columns], mask [rows, 1, columns, columns].</summary>
    public (Tensor Ids, Tensor Positions, Tensor Mask, Tensor Targets, Tensor Weights) ToTensors()
    {
        int rows = _shape.Rows, columns = _shape.Columns;
        return (tensor(_ids).reshape(rows, -1), tensor(_positions).reshape(rows, columns), tensor(_mask).reshape(rows, 1, columns, columns),
            tensor(_targets).reshape(rows, columns), tensor(_weights).reshape(rows, columns));
    }

    void PackText(int row, Func<EncodedText> next)
    {
        var (ids, at) = (row * _shape.Text, 0);
        while (at < _shape.Text)
        {
            var text = next();
            var start = at;
            for (var i = 0; i < text.Tokens.Length && at < _shape.Text; i++, at++)
            {
                _ids[ids + at] = text.Tokens[i];
                _isReply[at] = text.IsReply[i];
                _starts[at] = start;
            }
        }
        for (at = 0; at < _shape.Text; at++)
        {
            var column = row * _shape.Columns + at;
            _positions[column] = at - _starts[at];
            _mask.AsSpan(column * _shape.Columns + _starts[at], at - _starts[at] + 1).Clear();
            if (at + 1 < _shape.Text && _starts[at + 1] == _starts[at]) Predict(column, ids, at + 1, PromptWeight);
        }
    }

    // Under a token whose successor the assistant produces: nowhere else are prompt tokens used.
    void Hang(int row, int group, Random random)
    {
        var under = random.Next(_shape.Text - 1);
        for (var tries = 0; tries < 50 && !(_isReply[under + 1] && _starts[under + 1] == _starts[under]); tries++) under = random.Next(_shape.Text - 1);
        var first = _shape.Text + group * _shape.Count;
        for (var k = 0; k < _shape.Count; k++)
        {
            var column = row * _shape.Columns + first + k;
            _positions[column] = under - _starts[under] + 1 + k;
            _mask.AsSpan(column * _shape.Columns + _starts[under], under - _starts[under] + 1).Clear();
            _mask.AsSpan(column * _shape.Columns + first, k + 1).Clear();
            var target = under + 2 + k;
            if (target < _shape.Text && _starts[target] == _starts[under]) Predict(column, row * _shape.Text, target, 0);
        }
    }

    void Predict(int column, int ids, int target, float weightOfOthers)
    {
        _targets[column] = _ids[ids + target];
        _weights[column] = _isReply[target] ? 1 : weightOfOthers;
    }
}
