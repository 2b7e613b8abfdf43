namespace Ppd.Benchmarks;

/// <summary>Command line of the form <c>VERB [WORD ...] [--name value ...] [--flag]</c>.</summary>
sealed class Arguments(string[] args)
{
    internal string? Word(int index) => args.Skip(1).TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ElementAtOrDefault(index);

    internal bool Flag(string name) => args.Contains(name);

    internal int Number(string name, int fallback) => Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1]) : fallback;

    internal string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
