using System.Diagnostics;

namespace Ppd.Decoding;

/// <summary>Time of all steps so far: inside <c>llama_decode</c>, and the engine's own work around it.</summary>
readonly record struct StepTimes(int Steps, TimeSpan Decode, TimeSpan Host)
{
    /// <summary>Adds a step from its four time stamps: begin, decode, decoded, end.</summary>
    internal StepTimes Add(long start, long decode, long decoded, long end)
    {
        var inside = Stopwatch.GetElapsedTime(decode, decoded);
        return new StepTimes(Steps + 1, Decode + inside, Host + Stopwatch.GetElapsedTime(start, end) - inside);
    }
}
