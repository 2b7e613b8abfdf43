using System.Text;

namespace Ppd.Chat.Tools;

/// <summary>
/// Ids of calls: nine letters and digits, the only form Mistral's templates accept. They depend on the prompt and on nothing else, so that the same seed gives the same
/// conversation, and differ from round to round because prompts do.
/// </summary>
sealed class CallIds
{
    const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    internal const int Length = 9;

    readonly HashSet<string> _taken = [];
    ulong _state = 14695981039346656037;        // FNV-1a

    internal CallIds(ReadOnlySpan<int> prompt)
    {
        foreach (var token in prompt) Mix((uint)token);
    }

    /// <summary>The model's own id if it is new and of use, otherwise one of ours.</summary>
    internal string Next(string? given = null)
    {
        if (given is { Length: Length } && given.All(char.IsAsciiLetterOrDigit) && _taken.Add(given)) return given;
        Mix(1);
        var id = new StringBuilder(Length);
        // the low bits of FNV are its weakest
        for (var rest = _state ^ (_state >> 29); id.Length < Length; rest /= (ulong)Digits.Length) id.Append(Digits[(int)(rest % (ulong)Digits.Length)]);
        return _taken.Add(id.ToString()) ? id.ToString() : Next();
    }

    void Mix(uint value)
    {
        for (var shift = 0; shift < 32; shift += 8) _state = (_state ^ (byte)(value >> shift)) * 1099511628211;
    }
}
