namespace Ppd.Cli.Bench;

/// <summary>Replies of one arm to one group of prompts that were sent at once.</summary>
/// <param name="Replies">[prompts] tokens, without the one that ends a reply.</param>
/// <param name="TokensPerSecond">
/// Of one request: its tokens over its time, the prompt being in the cache; a peer's own figure leaves its first token out of both. Of several at once: tokens of all over the wall time of
/// all. 0 where there are too few.
/// </param>
/// <param name="Counters">What the engine counted; null for a peer.</param>
sealed record ArmRun(IReadOnlyList<int[]> Replies, double TokensPerSecond, StepCounters? Counters)
{
    internal int Tokens => Replies.Sum(reply => reply.Length);
}

/// <summary>Counts and times of steps; sums of them are those of all steps together.</summary>
/// <param name="Steps">Forward passes that produced tokens, counted by request.</param>
/// <param name="Rows">Their rows, counted by request.</param>
/// <param name="Proposed">Guesses verified.</param>
/// <param name="Accepted">Guesses that were right.</param>
/// <param name="Passes">Forward passes of the engine; several requests share one.</param>
/// <param name="Decode">Time of the passes inside <c>llama_decode</c>.</param>
/// <param name="Host">Time of the passes outside of it.</param>
readonly record struct StepCounters(int Steps, int Rows, int Proposed, int Accepted, int Passes, TimeSpan Decode, TimeSpan Host)
{
    public static StepCounters operator +(StepCounters a, StepCounters b) => new(
        a.Steps + b.Steps, a.Rows + b.Rows, a.Proposed + b.Proposed, a.Accepted + b.Accepted, a.Passes + b.Passes, a.Decode + b.Decode, a.Host + b.Host);
}
