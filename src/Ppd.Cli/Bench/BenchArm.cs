namespace Ppd.Cli.Bench;

/// <summary>Ways of decoding that are compared.</summary>
enum BenchArm
{
    /// <summary>One token a step: what the others are compared with.</summary>
    Plain,

    /// <summary>Guesses by n-grams only.</summary>
    NGram,

    /// <summary>Guesses by prompt tokens only.</summary>
    PromptTokens,

    /// <summary>Guesses by a grammar only: what it forces, and what little it leaves.</summary>
    Grammar,

    /// <summary>The publication's static trees over prompt tokens.</summary>
    Static,

    /// <summary>Every source.</summary>
    All,

    /// <summary>Every source, one guess after the other, of a forced size.</summary>
    Chain,

    /// <summary>Every source, trees of a forced size.</summary>
    Tree,
}

/// <summary>Names of arms, as given and as printed.</summary>
static class BenchArms
{
    static readonly (string Name, BenchArm Arm)[] Names =
    [
        ("plain", BenchArm.Plain), ("ngram", BenchArm.NGram), ("prompt-tokens", BenchArm.PromptTokens), ("grammar", BenchArm.Grammar), ("static", BenchArm.Static), ("all", BenchArm.All),
        ("chain", BenchArm.Chain), ("tree", BenchArm.Tree),
    ];

    /// <summary>Arms that run where none is asked for.</summary>
    /// <param name="constrained">Whether replies must match a grammar.</param>
    internal static BenchArm[] Usual(bool constrained) =>
        [BenchArm.Plain, BenchArm.NGram, BenchArm.PromptTokens, .. constrained ? new[] { BenchArm.Grammar } : [], BenchArm.Static, BenchArm.All];

    internal static string Allowed => string.Join(", ", Names.Select(entry => entry.Name));

    internal static string Name(this BenchArm arm) => Names.First(entry => entry.Arm == arm).Name;

    internal static bool NeedsPromptTokens(this BenchArm arm) => arm is BenchArm.PromptTokens or BenchArm.Static;

    internal static bool HasAllSources(this BenchArm arm) => arm is BenchArm.All or BenchArm.Chain or BenchArm.Tree;

    /// <summary>Whether it guesses by prompt tokens where there are some.</summary>
    internal static bool TakesPromptTokens(this BenchArm arm) => arm.NeedsPromptTokens() || arm.HasAllSources();

    /// <summary>Reads a comma list; plain comes first, asked for or not, for the others are compared with it.</summary>
    /// <exception cref="FormatException">A name is unknown or given twice; the message lists what is allowed.</exception>
    internal static BenchArm[] Parse(string list)
    {
        List<BenchArm> arms = [];
        foreach (var name in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var found = Array.FindIndex(Names, entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found < 0) throw new FormatException($"'{name}' is no arm; allowed are {Allowed}, separated by commas.");
            if (arms.Contains(Names[found].Arm)) throw new FormatException($"The arm '{name}' is given twice.");
            arms.Add(Names[found].Arm);
        }
        return [BenchArm.Plain, .. arms.Where(arm => arm != BenchArm.Plain)];
    }
}
