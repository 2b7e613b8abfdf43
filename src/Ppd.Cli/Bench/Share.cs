namespace Ppd.Cli.Bench;

/// <summary>Shares of counts.</summary>
static class Share
{
    /// <summary>Where the true share lies with 95 % confidence (Wilson's score interval).</summary>
    internal static (double Least, double Largest) Interval(int part, int whole)
    {
        const double Z = 1.96;      // standard deviations
        var share = (double)part / whole;
        var (centre, scale) = (share + (Z * Z / (2 * whole)), 1 + (Z * Z / whole));
        var half = Z * Math.Sqrt((share * (1 - share) / whole) + (Z * Z / (4.0 * whole * whole)));
        return (Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }
}
