namespace Ppd.Chat;

/// <summary>How a model marks what it thinks before it answers.</summary>
/// <param name="Open">Marker before the thoughts; the prompt may already hold it.</param>
/// <param name="Close">Marker behind them.</param>
/// <param name="CloseText">The text from the last thought to the answer, with the template's white space.</param>
sealed record ReasoningFormat(string Open, string Close, string CloseText);
