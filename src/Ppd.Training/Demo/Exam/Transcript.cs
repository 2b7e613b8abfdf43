namespace Ppd.Training.Demo.Exam;

/// <summary>A prompt and what the model answered, always taking the likeliest token.</summary>
/// <param name="Prompt">Token ids up to the opening of the assistant's turn.</param>
/// <param name="Reply">Token ids of the answer, its end-of-turn mark included.</param>
/// <param name="Text">The answer as text.</param>
/// <param name="EndedItself">Whether the model ended its turn before the limit.</param>
sealed record Transcript(int[] Prompt, int[] Reply, string Text, bool EndedItself);
