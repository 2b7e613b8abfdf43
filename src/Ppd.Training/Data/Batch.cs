using static TorchSharp.torch;

namespace Ppd.Training.Data;

/// <summary>Rows of packed text with the same number of insertion points each, as int64 tensors.</summary>
/// <param name="Ids">[B, T]</param>
/// <param name="Positions">[B, T]</param>
/// <param name="Documents">[B, T]</param>
/// <param name="Points">[B, R] indices into T.</param>
sealed record Batch(Tensor Ids, Tensor Positions, Tensor Documents, Tensor Points)
{
    public long Rows => Ids.shape[0];

    public long Length => Ids.shape[1];

    /// <summary>Insertion points per row.</summary>
    public long PointsPerRow => Points.shape[1];

    /// <param name="rows">Of equal length.</param>
    /// <param name="points">[B][R] indices.</param>
    /// <param name="device">Where to put it.</param>
    public static Batch Of(IReadOnlyList<PackedRow> rows, int[][] points, Device device) => new(
        Stack(rows.Select(row => row.Ids), device), Stack(rows.Select(row => row.Positions), device),
        Stack(rows.Select(row => row.Documents), device), Stack(points, device));

    /// <summary>A random choice that depends on the seed and the step alone, so that a resumed run makes the same one.</summary>
    public static Batch Draw(IReadOnlyList<PackedRow> text, int rows, int pointsPerRow, int seed, int step, Device device)
    {
        var random = new Random(unchecked(seed * 1_000_003 + step));
        var chosen = new PackedRow[rows];
        var points = new int[rows][];
        for (var i = 0; i < rows; i++)
        {
            chosen[i] = text[random.Next(text.Count)];
            // with fewer places than asked for, some are used twice
            var places = (int[])chosen[i].Points.Clone();
            random.Shuffle(places);
            points[i] = [.. Enumerable.Range(0, pointsPerRow).Select(p => places[p % places.Length])];
        }
        return Of(chosen, points, device);
    }

    /// <summary>The tokens that lie 1 to <paramref name="count"/> places behind each point, plus <paramref name="offset"/>: [B, R, count] indices into T.</summary>
    public Tensor Behind(int count, long offset) => Points.unsqueeze(-1) + arange(1 + offset, 1 + offset + count, device: Points.device);

    static Tensor Stack(IEnumerable<int[]> rows, Device device)
    {
        var lists = rows.ToArray();
        return tensor(lists.SelectMany(row => row.Select(value => (long)value)).ToArray()).reshape(lists.Length, -1).to(device);
    }
}
