using System.Text.Json;

namespace Ppd.Chat.Tools;

/// <summary>What a look at a growing text found.</summary>
enum ScanResult
{
    /// <summary>What was looked for is there.</summary>
    Match,
    /// <summary>It may still come.</summary>
    Partial,
    /// <summary>It cannot come any more.</summary>
    Mismatch,
}

/// <summary>Reads text that may still grow from front to back. Where a read fails, <see cref="Failure"/> tells whether more text could have helped.</summary>
/// <param name="text">What there is so far.</param>
/// <param name="complete">Whether no more will come.</param>
ref struct TextScanner(ReadOnlySpan<char> text, bool complete)
{
    const int LongestName = 256;

    readonly ReadOnlySpan<char> _text = text;
    readonly bool _complete = complete;
    bool _starved;

    internal int Position { get; set; }

    /// <summary>What stood at the last <see cref="ToolCallText.Id"/> of a literal; null if there was none.</summary>
    internal string? Id { get; private set; }

    internal readonly ScanResult Failure => _starved && !_complete ? ScanResult.Partial : ScanResult.Mismatch;

    internal readonly ReadOnlySpan<char> Rest => _text[Position..];

    internal readonly ReadOnlySpan<char> Text => _text;

    internal void SkipSpace()
    {
        while (Position < _text.Length && char.IsWhiteSpace(_text[Position])) Position++;
    }

    /// <summary>The next character that is not white space, without taking it; 0 at the end.</summary>
    internal char Peek()
    {
        SkipSpace();
        return Position < _text.Length ? _text[Position] : Starve();
    }

    internal bool Take(char expected)
    {
        if (Peek() != expected) return false;
        Position++;
        return true;
    }

    /// <summary>Takes a literal. White space counts on neither side: models are careless with it.</summary>
    internal bool Literal(string literal)
    {
        var start = Position;
        foreach (var expected in literal)
        {
            if (char.IsWhiteSpace(expected)) continue;
            if (Peek() is var found && (ToolCallText.IsPlaceholder(expected) ? !Placeholder(expected) : found != expected || found == 0))
            {
                Position = start;
                return false;
            }
            if (!ToolCallText.IsPlaceholder(expected)) Position++;
        }
        return true;
    }

    /// <summary>Whether a literal comes next, without taking it.</summary>
    internal readonly bool IsNext(string literal) => new TextScanner(Rest, complete: false).Literal(literal);

    /// <summary>Whether the text ends within what may become a literal; then it ended too early.</summary>
    internal bool MayBeNext(string literal)
    {
        var ahead = new TextScanner(Rest, complete: false);
        if (ahead.Literal(literal) || ahead.Failure != ScanResult.Partial) return false;
        Starve();
        return true;
    }

    /// <summary>Takes a function's name and the literal behind it.</summary>
    internal bool Name(string literal, out string name)
    {
        SkipSpace();
        var start = Position;
        name = "";
        for (var marked = !string.IsNullOrWhiteSpace(literal); Position - start <= LongestName; Position++)
        {
            var end = Position;
            if (end > start && (marked ? Literal(literal) : end < _text.Length && !IsNameCharacter(_text[end])))
            {
                name = _text[start..end].ToString();
                return true;
            }
            if (end == _text.Length) Starve();
            if (end == _text.Length || !IsNameCharacter(_text[end])) return false;
        }
        return false;
    }

    /// <summary>Takes everything up to a marker, and the marker.</summary>
    internal bool Until(string marker, out ReadOnlySpan<char> before)
    {
        var at = Rest.IndexOf(marker, StringComparison.Ordinal);
        before = at < 0 ? default : Rest[..at];
        if (at < 0) Starve();
        else Position += at + marker.Length;
        return at >= 0;
    }

    /// <summary>Takes a JSON value. Text that is not strict JSON does not count, nor do strings with half a character.</summary>
    internal bool Json(out JsonElement value)
    {
        SkipSpace();
        value = default;
        var length = JsonText.LengthOf(Rest);
        if (length == 0) Starve();
        if (length <= 0 || !JsonText.TryParse(Rest[..length].ToString(), out value)) return false;
        Position += length;
        return true;
    }

    /// <summary>Notes that the text ended too early.</summary>
    internal char Starve()
    {
        _starved = true;
        return '\0';
    }

    bool Placeholder(char kind)
    {
        var start = Position;
        while (Position < _text.Length && (kind == ToolCallText.Id ? IsNameCharacter(_text[Position]) : char.IsAsciiDigit(_text[Position]))) Position++;
        if (kind == ToolCallText.Id && Position > start) Id = _text[start..Position].ToString();
        return Position > start;
    }

    static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/' or '$';
}
