using System.Globalization;
using Ppd.Cli.Inspect;
using Ppd.Native;
using Spectre.Console;

namespace Ppd.Cli.Tune;

/// <summary>A result as text.</summary>
sealed class TuneReport(IAnsiConsole console)
{
    const double Noticeable = 0.01;

    static readonly (string Heading, Func<Setting, Trial, string> Text)[] Columns =
    [
        ("setting", (setting, _) => setting.Name),
        ("value", (setting, trial) => setting.Value(trial.Settings)),
        ("plain tokens/s", (_, trial) => Number(trial.Median(sample => sample.Plain), "0.0")),
        ("planned tokens/s", (_, trial) => Number(trial.Median(sample => sample.Planned), "0.0")),
        ("prompt tokens/s", (_, trial) => Number(trial.Median(sample => sample.Prefill), "0")),
        ("turn ms", (_, trial) => Number(1000 * trial.Median(sample => sample.Turn), "0")),
        ("times better", (_, trial) => Number(trial.Gain, "0.00")),
        ("", (_, trial) => trial.Chosen ? "chosen" : ""),
    ];

    internal void Write(GgufModelInfo model, TuneResult result, string? warning)
    {
        Line($"{model.Name}: {model.Architecture}, {Quantity.Bytes(model.WeightBytes)} of weights; {Environment.ProcessorCount} processors");
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (heading, _) in Columns) table.AddColumn(new TableColumn(new Text(heading)));
        for (var column = 2; column < Columns.Length - 1; column++) table.Columns[column].RightAligned();
        foreach (var round in result.Rounds)
            foreach (var trial in round.Trials) table.AddRow(Columns.Select(column => new Text(column.Text(round.Setting, trial))));
        console.Write(table);
        Line("Plain: one row a step. Planned: the best plan with the measured times of steps. " + result.Basis);
        Line($"Prompt: {result.PromptLength} tokens from an empty cache. Turn: {SettingsSample.TurnPrompt} tokens of a prompt and {SettingsSample.TurnReply} planned ones. " +
            "Batches are compared by their prompts, all else by turns, with what was best before it, within each repeat.");
        foreach (var note in result.Notes) Line(note);
        if (warning != null) Line(warning, LabelledRows.Warning);
        console.WriteLine();
        Line($"Chosen: {result.Chosen.Settings}.");
        Line(Losses(result));
    }

    internal void WriteKept(string? path) => Line(path == null
        ? "No profile was written (--dry-run)."
        : $"Written to {path}; loads of this model take it where their options leave the choice.");

    /// <summary>What a load without a profile would lose.</summary>
    internal static string Losses(TuneResult result)
    {
        if (result.Chosen.Settings == result.Default.Settings) return "That is what a load takes without a profile; nothing would be lost.";
        (string What, Func<SettingsSample, double> Speed)[] speeds = [("plain decoding", s => s.Plain), ("planned decoding", s => s.Planned), ("prompts", s => s.Prefill), ("a turn", s => 1 / s.Turn)];
        var losses = speeds.Select(speed => (speed.What, Loss: 1 - (result.Default.Median(speed.Speed) / result.Chosen.Median(speed.Speed)))).ToArray();
        var slower = losses.Where(loss => loss.Loss >= Noticeable).Select(loss => $"{loss.What} {Percent(loss.Loss)}").ToArray();
        var faster = losses.Where(loss => loss.Loss <= -Noticeable).Select(loss => $"{loss.What} {Percent(-loss.Loss)}").ToArray();
        return $"The defaults ({result.Default.Settings}) " + (slower, faster) switch
        {
            ([], []) => "are as fast.",
            (_, []) => $"would lose speed: {string.Join(", ", slower)}.",
            ([], _) => $"were faster when compared last: {string.Join(", ", faster)}.",
            _ => $"would lose speed: {string.Join(", ", slower)}; and gain: {string.Join(", ", faster)}.",
        };
    }

    static string Percent(double share) => Number(100 * share, "0") + " %";

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    void Line(string text, Style? style = null) => console.WriteLine(Terminal.Safe(text), style ?? Style.Plain);
}
