namespace Ppd.Drafting;

/// <summary>
/// Makes prompt tokens depend on the token x they hang under: row (i, j) becomes s_ij + Up_i · (Down · emb(x)), for every member j alike.
/// </summary>
/// <param name="Rank">1 to <see cref="MaxRank"/>.</param>
/// <param name="Down">[rank, width]</param>
/// <param name="Up">[count, width, rank]</param>
sealed record LowRank(int Rank, float[] Down, float[] Up)
{
    /// <summary>Beyond it the two matrices would cost more than the layers they help to skip.</summary>
    public const int MaxRank = 1024;
}
