using System.Globalization;

namespace Ppd.Cli.Bench;

/// <summary>Arms with all sources and trees of a forced size: what the planner could have chosen.</summary>
static class ForcedSizes
{
    /// <summary>Reads a comma list of row counts; returns them ascending.</summary>
    /// <exception cref="FormatException">One is no such count or is given twice.</exception>
    internal static int[] Parse(string list)
    {
        SortedSet<int> sizes = [];
        foreach (var text in list.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows is < 1 or > PpdPlan.MostRows)
                throw new FormatException($"--sizes has '{text}'; allowed are whole numbers from 1 to {PpdPlan.MostRows}, separated by commas.");
            if (!sizes.Add(rows)) throw new FormatException($"--sizes has {rows} twice.");
        }
        return [.. sizes];
    }

    internal static string Name(int rows) => FormattableString.Invariant($"tree{rows}");

    /// <summary>What decodes with so many rows. One row is plain decoding, without the work of guessing in vain.</summary>
    internal static (BenchArm Arm, PpdPlan Plan) Of(int rows) => rows == 1 ? (BenchArm.Plain, PpdPlan.Off) : (BenchArm.Tree, PpdPlan.Tree(rows));
}
