using Ppd.Drafting;
using Ppd.Training.Data;
using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>How untrained rows start.</summary>
enum PromptInit
{
    /// <summary>Normal numbers with the deviation of the token table.</summary>
    Random,
    /// <summary>The mean of the token table.</summary>
    Mean,
    /// <summary>Rows of tokens drawn at random.</summary>
    Tokens,
}

/// <summary>What is trained.</summary>
sealed class PromptParameters : IDisposable
{
    PromptParameters(int count, int ensemble, int rank, Tensor rows, Tensor? down, Tensor? up)
    {
        (Count, Ensemble, Rank, Rows, Down, Up) = (count, ensemble, rank, rows, down, up);
        foreach (var parameter in All) parameter.requires_grad_(true);
    }

    /// <summary>Prompt tokens.</summary>
    public int Count { get; }

    /// <summary>Rows per prompt token.</summary>
    public int Ensemble { get; }

    /// <summary>Of the conditional part; 0 without.</summary>
    public int Rank { get; }

    /// <summary>[Count · Ensemble, Width]</summary>
    public Tensor Rows { get; }

    /// <summary>[Rank, Width], Down of <see cref="LowRank"/>.</summary>
    public Tensor? Down { get; }

    /// <summary>[Count, Width, Rank]</summary>
    public Tensor? Up { get; }

    public IReadOnlyList<Tensor> All => Down is null ? [Rows] : [Rows, Down, Up!];

    public static PromptParameters Create(Transformer model, int count, int ensemble, int rank, PromptInit init, int seed)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var random = new Random(seed);
        var width = model.Config.Width;
        var table = model.Embed(arange(model.Config.Vocabulary, device: model.Device).unsqueeze(0)).squeeze(0);
        var noise = Normal(random, count * ensemble, width).to(model.Device) * table.std();
        var rows = init switch
        {
            PromptInit.Random => noise,
            // a little noise, or the members of an ensemble would stay equal for ever
            PromptInit.Mean => table.mean([0], keepdim: true).Plus(noise * tensor(0.01f, device: model.Device)),
            _ => table.index_select(0, tensor(Enumerable.Range(0, count * ensemble).Select(_ => random.NextInt64(model.Config.Vocabulary)).ToArray(), device: model.Device)),
        };
        // Up starts at zero: the rows begin unconditional
        var down = rank == 0 ? null : (Normal(random, rank, width) * tensor(1 / MathF.Sqrt(width))).to(model.Device).DetachFromDisposeScope();
        var up = rank == 0 ? null : zeros(count, width, rank, device: model.Device).DetachFromDisposeScope();
        return new PromptParameters(count, ensemble, rank, rows.clone().DetachFromDisposeScope(), down, up);
    }

    /// <summary>The rows of one chain per point, [B, R · Count · Ensemble, Width].</summary>
    public Tensor Embeddings(Transformer model, Batch batch)
    {
        var width = model.Config.Width;
        var rows = Rows.reshape(1, 1, Count, Ensemble, width).expand(batch.Rows, batch.PointsPerRow, -1, -1, -1);
        if (Down is not null)
        {
            var under = model.Embed(batch.Ids.gather(1, batch.Points));                               // [B, R, Width]
            var inner = matmul(under, Down.transpose(0, 1)).reshape(batch.Rows, batch.PointsPerRow, 1, 1, Rank);
            rows = rows.Plus(matmul(inner, Up!.transpose(1, 2)).reshape(batch.Rows, batch.PointsPerRow, Count, 1, width));
        }
        return rows.reshape(batch.Rows, -1, width);
    }

    /// <summary>The position of each of these rows, [B, R · Count · Ensemble]: members of one prompt token share theirs.</summary>
    public Tensor Positions(Batch batch)
    {
        var steps = arange(1, Count + 1, device: batch.Points.device).repeat_interleave(Ensemble);
        return batch.Positions.gather(1, batch.Points).unsqueeze(-1).Plus(steps).reshape(batch.Rows, -1);
    }

    public LowRank? Conditional() => Down is null ? null : new LowRank(Rank, Floats(Down), Floats(Up!));

    public float[] RowValues() => Floats(Rows);

    public static float[] Floats(Tensor tensor)
    {
        using var copy = tensor.detach().cpu();
        return copy.data<float>().ToArray();
    }

    public void Dispose()
    {
        foreach (var parameter in All) parameter.Dispose();
    }

    static Tensor Normal(Random random, int rows, int columns)
    {
        var values = new float[rows * columns];
        // Box-Muller
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return tensor(values).reshape(rows, columns);
    }
}
