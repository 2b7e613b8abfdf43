namespace Ppd.Training.Demo.Training;

/// <summary>A conversation as tokens.</summary>
/// <param name="Tokens">Ids.</param>
/// <param name="IsReply">Per token, whether the assistant has to produce it; its end-of-turn mark included.</param>
sealed record EncodedText(int[] Tokens, bool[] IsReply);
