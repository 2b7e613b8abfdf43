using Ppd.Planning;

namespace Ppd.Cli.Tune;

/// <summary>What one measurement of a set of settings gave.</summary>
/// <param name="Costs">Time of a step by its rows.</param>
/// <param name="Plain">Tokens per second of plain decoding.</param>
/// <param name="Planned">Tokens per second expected of the best plan.</param>
/// <param name="Prefill">Tokens of a prompt per second.</param>
sealed record SettingsSample(CostMeasurement Costs, double Plain, double Planned, double Prefill)
{
    internal const int TurnPrompt = 256, TurnReply = 128;   // tokens

    /// <summary>Seconds of a turn of a conversation: the one number by which settings that help one thing and harm another are compared.</summary>
    internal double Turn => (TurnPrompt / Prefill) + (TurnReply / Planned);
}
