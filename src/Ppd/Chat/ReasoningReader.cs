using System.Text;

namespace Ppd.Chat;

/// <summary>
/// Separates thoughts at the beginning of a reply from the answer while the reply grows. White space around the markers belongs to them; a block with nothing in it disappears.
/// </summary>
/// <param name="format">The markers.</param>
/// <param name="output">Where thoughts go.</param>
/// <param name="startsInside">Whether the prompt already opened the block.</param>
sealed class ReasoningReader(ReasoningFormat format, ReplyOutput output, bool startsInside)
{
    enum Place
    {
        Start,
        Inside,
        Behind,
        Answer,
    }

    readonly StringBuilder _held = new();
    Place _place = startsInside ? Place.Inside : Place.Start;
    bool _sawThought;

    internal bool IsInside => _place == Place.Inside;

    /// <summary>Adds text and returns what belongs to the answer.</summary>
    internal string Push(ReadOnlySpan<char> text, bool complete)
    {
        if (_place == Place.Answer) return text.ToString();
        _held.Append(text);
        if (_place == Place.Start) Start(complete);
        if (_place == Place.Inside) Inside(complete);
        if (_place == Place.Behind) Behind();
        if (_place != Place.Answer) return "";
        return Release();
    }

    void Start(bool complete)
    {
        var held = _held.ToString();
        var text = held.TrimStart();
        if (text.StartsWith(format.Open, StringComparison.Ordinal))
        {
            _held.Clear().Append(text, format.Open.Length, text.Length - format.Open.Length);
            _place = Place.Inside;
        }
        else if (complete || !format.Open.StartsWith(text, StringComparison.Ordinal)) _place = Place.Answer;
    }

    void Inside(bool complete)
    {
        var held = _held.ToString();
        var start = _sawThought ? 0 : held.Length - held.TrimStart().Length;
        var close = held.IndexOf(format.Close, StringComparison.Ordinal);
        var end = close >= 0 ? close : complete ? held.Length : held.Length - Overlap(held, format.Close);
        var visible = held.AsSpan(0, end).TrimEnd().Length;
        if (visible > start)
        {
            _sawThought = true;
            output.Reasoning(held.AsSpan(start, visible - start));
        }
        if (close >= 0) (visible, _place) = (close + format.Close.Length, Place.Behind);
        _held.Clear().Append(held, visible, held.Length - visible);
    }

    void Behind()
    {
        var text = Release().TrimStart();
        if (text.Length == 0) return;
        _place = Place.Answer;
        _held.Append(text);
    }

    string Release()
    {
        var text = _held.ToString();
        _held.Clear();
        return text;
    }

    static int Overlap(string text, string marker)
    {
        var length = Math.Min(text.Length, marker.Length - 1);
        while (length > 0 && !text.EndsWith(marker[..length], StringComparison.Ordinal)) length--;
        return length;
    }
}
