using System.Text;

namespace Ppd.Training.Demo.Vocabulary;

/// <summary>GPT-2's printable stand-ins for bytes: printable Latin-1 bytes stand for themselves, the others for U+0100 and on.</summary>
static class ByteAlphabet
{
    static readonly char[] Letters = Build();

    /// <summary>The 256 letters in byte order.</summary>
    public static ReadOnlySpan<char> All => Letters;

    public static string Encode(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, (letters, source) =>
    {
        var bytes = Encoding.UTF8.GetBytes(source);
        for (var i = 0; i < bytes.Length; i++) letters[i] = Letters[bytes[i]];
    });

    static char[] Build()
    {
        var letters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
            letters[value] = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : (char)next++;
        return letters;
    }
}
