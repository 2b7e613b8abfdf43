using System.Globalization;
using System.Text;

namespace Ppd.Templates.Syntax;

/// <summary>Python's escapes in string literals. Unknown ones keep their backslash.</summary>
static class StringLiteral
{
    public static string Unescape(string body, int line)
    {
        if (!body.Contains('\\'))
            return body;
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
                text.Append(body[i]);
            else
                i = Escape(body, i + 1, text, line);
        }
        return text.ToString();
    }

    // Appends the character escaped at a position and returns the last position used.
    static int Escape(string body, int at, StringBuilder text, int line)
    {
        switch (body[at])
        {
            case '\n':
                return at;
            case 'x':
                return Hex(body, at, 2, text, line);
            case 'u':
                return Hex(body, at, 4, text, line);
            case 'U':
                return Hex(body, at, 8, text, line);
            case >= '0' and <= '7':
                return Octal(body, at, text);
        }
        var index = "\\'\"abfnrtv".IndexOf(body[at]);
        if (index < 0)
            text.Append('\\').Append(body[at]);
        else
            text.Append("\\'\"\a\b\f\n\r\t\v"[index]);
        return at;
    }

    static int Hex(string body, int at, int digits, StringBuilder text, int line)
    {
        if (at + digits >= body.Length
            || !int.TryParse(body.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || value is < 0 or > 0x10ffff)
            throw new TemplateSyntaxException($"'\\{body[at]}' in a string must be followed by {digits} hexadecimal digits of a character", line);
        text.Append(value > 0xffff ? char.ConvertFromUtf32(value) : ((char)value).ToString());
        return at + digits;
    }

    static int Octal(string body, int at, StringBuilder text)
    {
        var value = 0;
        var end = at;
        for (; end < body.Length && end < at + 3 && body[end] is >= '0' and <= '7'; end++)
            value = (value * 8) + body[end] - '0';
        text.Append((char)value);
        return end - 1;
    }
}
