using System.Globalization;
using Ppd.Cli.Inspect;
using Spectre.Console;

namespace Ppd.Cli.Bench;

/// <summary>A result as text.</summary>
sealed class BenchReport(IAnsiConsole console)
{
    // headings of short words: they may take several lines on a narrow terminal
    static readonly (string Heading, Func<ArmResult, string> Text)[] Columns =
    [
        ("arm", arm => arm.Name),
        ("plan", arm => arm.Plan ?? ""),
        ("tokens/s", arm => Number(arm.TokensPerSecond.Median, "0.0")),
        ("against plain", arm => Number(arm.SpeedupVsPlain, "0.00")),
        ("worst prompt", arm => Number(arm.WorstPromptSpeedup, "0.00")),
        ("tokens a step", arm => Number(arm.TokensPerStep, "0.00")),
        ("rows a step", arm => Number(arm.RowsPerStep, "0.0")),
        ("wasted rows", arm => Number(arm.WastedRowsPerStep, "0.0")),
        ("accepted", arm => Number(100 * arm.Acceptance, "0") is { Length: > 0 } percent ? $"{percent} %" : ""),
        ("ms a step", arm => Number(arm.DecodeMsPerStep + (arm.HostUsPerStep / 1000), "0.00")),
        ("host us a step", arm => Number(arm.HostUsPerStep, "0")),
        ("same tokens", arm => arm.Identical switch { null => "not compared", false => "NO", true when arm.NearTies > 0 => $"yes, {arm.NearTies} near-ties", true => "yes" }),
    ];

    internal void Write(BenchResult result)
    {
        var (machine, model, options) = (result.Machine, result.Model, result.Options);
        Line($"{model.File}: {model.Architecture}, {Quantity.Count(model.Parameters)} parameters, {model.Type}, {Quantity.Bytes(model.Size)}");
        Line($"{machine.Cpu}, {machine.Cores} processors, {options.ThreadsText}; llama.cpp {result.Runtime.LlamaCpp} on {string.Join("; ", result.Runtime.Devices)}");
        Line(FormattableString.Invariant($"{options.PromptCount} prompts, {options.Repeat} {(options.Repeat == 1 ? "round" : "rounds")}, at most {options.MaxTokens} tokens, ") +
            FormattableString.Invariant($"temperature {options.Temperature}, seed {options.Seed}, {options.Concurrency} at once") + (result.LoadAverage is { } load ? $"; load before {string.Join(' ', load.Select(average => Number(average, "0.00")))}" : ""));
        console.WriteLine();
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (heading, _) in Columns) table.AddColumn(new TableColumn(new Text(heading)));
        for (var column = 2; column < Columns.Length - 1; column++) table.Columns[column].RightAligned();
        foreach (var arm in result.Arms) table.AddRow(Columns.Select(column => new Text(Terminal.Safe(column.Text(arm)))));
        console.Write(table);
        foreach (var arm in result.Arms.Skip(1)) Line($"Worst for {arm.Name}: {Number(arm.WorstPromptSpeedup, "0.00")} on prompt {arm.WorstPrompt}");
        if (result.Planner is { } planner)
        {
            Line($"Best forced size: {(planner.BestForcedRows == 1 ? "1 row" : $"{planner.BestForcedRows} rows")}, {Number(planner.BestForcedTokensPerSecond, "0.0")} tokens/s" +
                (planner.AutoOfBest is { } share ? $"; the planner's choice: {Number(planner.AutoTokensPerSecond, "0.0")} tokens/s, ratio {Number(share, "0.00")} prompt by prompt" : ""));
        }
        foreach (var note in result.Notes) Line(note, LabelledRows.Warning);
        foreach (var arm in result.Arms.Where(arm => arm.Identical == false))
            Line($"{arm.Name} does not say what plain decoding says, and not for want of a clear choice: a bug, or a peer with another model.", LabelledRows.Bad);
    }

    void Line(string text, Style? style = null) => console.WriteLine(Terminal.Safe(text), style ?? Style.Plain);

    static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
