namespace Ppd.Cli.Inspect;

/// <summary>Numbers for reading: three figures and a unit.</summary>
static class Quantity
{
    public static string Bytes(long bytes) => bytes < 1000 ? $"{bytes} B" : Scaled(bytes, ["kB", "MB", "GB", "TB", "PB"]);

    public static string Count(long count) => count < 1000 ? $"{count}" : Scaled(count, ["thousand", "million", "billion", "trillion", "quadrillion"]);

    static string Scaled(double value, string[] units)
    {
        var unit = -1;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        return FormattableString.Invariant($"{value:0.##;;0}") is var exact && value < 10 ? $"{exact} {units[unit]}"
            : value < 100 ? FormattableString.Invariant($"{value:0.#} {units[unit]}") : FormattableString.Invariant($"{value:0} {units[unit]}");
    }
}
