using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Ppd;

/// <summary>How the tree of guesses of every step is chosen. The output is the same with every plan; only its speed differs.</summary>
[JsonConverter(typeof(PpdPlanJsonConverter)), TypeConverter(typeof(PpdPlanTypeConverter))]
public readonly record struct PpdPlan
{
    internal const int MostRows = Planning.CostCurve.MostRows;

    PpdPlan(PpdPlanKind kind, int rows) => (Kind, Rows) = (kind, rows);

    /// <summary>How it is chosen.</summary>
    public PpdPlanKind Kind { get; }

    /// <summary>Rows of every step, root and prompt tokens included; 0 where they are not given.</summary>
    public int Rows { get; }

    /// <summary>What pays most at this step on this machine, or nothing. The default.</summary>
    public static PpdPlan Auto => default;

    /// <summary>One row: plain decoding.</summary>
    public static PpdPlan Off => new(PpdPlanKind.Off, 0);

    /// <summary>The likeliest chain of guesses with so many rows, whatever it costs.</summary>
    public static PpdPlan Chain(int rows) => new(PpdPlanKind.Chain, Checked(rows));

    /// <summary>The best tree with so many rows, whatever it costs.</summary>
    public static PpdPlan Tree(int rows) => new(PpdPlanKind.Tree, Checked(rows));

    /// <summary>
    /// The publication's static trees with so many rows: made once from the accuracy table of the prompt tokens, the same at every step. Needs prompt tokens.
    /// </summary>
    public static PpdPlan Static(int rows) => new(PpdPlanKind.Static, Checked(rows));

    /// <summary>Reads <c>auto</c>, <c>off</c>, <c>chain8</c>, <c>tree16</c> or <c>static32</c>.</summary>
    /// <exception cref="FormatException">It is none of these; the message names the text and what is allowed.</exception>
    public static PpdPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return Auto;
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase)) return Off;
        foreach (var kind in new[] { PpdPlanKind.Chain, PpdPlanKind.Tree, PpdPlanKind.Static })
        {
            var name = kind.ToString();
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= MostRows)
                return new PpdPlan(kind, rows);
        }
        throw new FormatException($"'{text}' is no plan; allowed are auto, off, chainN, treeN and staticN, where N is the number of rows from 1 to {MostRows}, as in tree16.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Kind.ToString().ToLowerInvariant() + (Rows > 0 ? Rows.ToString(CultureInfo.InvariantCulture) : "");

    static int Checked(int rows) => rows is >= 1 and <= MostRows ? rows : throw new ArgumentOutOfRangeException(nameof(rows), $"A plan of {rows} rows was asked for; allowed are 1 to {MostRows}.");
}

/// <summary>Kinds of <see cref="PpdPlan"/>.</summary>
public enum PpdPlanKind
{
    /// <summary>Whatever pays most.</summary>
    Auto,

    /// <summary>No guesses.</summary>
    Off,

    /// <summary>One guess after the other.</summary>
    Chain,

    /// <summary>A tree of a given size.</summary>
    Tree,

    /// <summary>The publication's static trees.</summary>
    Static,
}
