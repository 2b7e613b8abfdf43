using Ppd.Drafting;
using Ppd.Training.Data;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>Additive attention masks: 0 where a row sees a column, -∞ where it does not.</summary>
static class PromptMasks
{
    /// <summary>Which rows of one chain see each other, [count · ensemble, count · ensemble]; row = i · ensemble + j.</summary>
    public static bool[,] Chain(PromptTokenMask mask, int count, int ensemble)
    {
        var size = count * ensemble;
        var sees = new bool[size, size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                sees[row, column] = mask switch
                {
                    PromptTokenMask.Ensemble => row % ensemble == column % ensemble && column / ensemble <= row / ensemble,
                    PromptTokenMask.Decoder => column <= row,
                    _ => column / ensemble == row / ensemble,
                };
            }
        }
        return sees;
    }

    /// <summary>Text rows: causal within a document, [B, 1, T, T]. Padding sees padding, so that no row sees nothing.</summary>
    public static Tensor Text(Batch batch)
    {
        var same = batch.Documents.unsqueeze(2) == batch.Documents.unsqueeze(1);
        return Additive(same.logical_and(ones(batch.Length, batch.Length, dtype: ScalarType.Bool, device: same.device).tril())).unsqueeze(1);
    }

    /// <summary>Prompt rows, chain after chain: the text up to their point and their own chain, [B, 1, R · chain, T + R · chain].</summary>
    public static Tensor Prompts(Batch batch, Tensor chain)
    {
        var size = chain.shape[0];
        var document = batch.Documents.gather(1, batch.Points).unsqueeze(-1);
        var before = arange(batch.Length, device: chain.device).reshape(1, 1, -1) <= batch.Points.unsqueeze(-1);
        var text = (batch.Documents.unsqueeze(1) == document).logical_and(before).repeat_interleave(size, 1);
        // the same chain along the diagonal
        var chains = kron(eye(batch.PointsPerRow, device: chain.device), chain.to(float32)).to(ScalarType.Bool);
        return Additive(cat([text, chains.unsqueeze(0).expand(batch.Rows, -1, -1)], 2)).unsqueeze(1);
    }

    static Tensor Additive(Tensor sees) =>
        zeros(sees.shape, dtype: float32, device: sees.device).masked_fill(sees.logical_not(), float.NegativeInfinity);
}
