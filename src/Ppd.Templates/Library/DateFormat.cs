using System.Globalization;
using System.Text;
using Ppd.Templates.Runtime;

namespace Ppd.Templates.Library;

/// <summary>C's <c>strftime</c> in the C locale; <c>%-d</c> and the like drop the padding, as on Linux.</summary>
static class DateFormat
{
    public static string Format(Execution execution, string format, DateTimeOffset now)
    {
        execution.ChargeText(0, format.Length);
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            var unpadded = format[++i] == '-' && i + 1 < format.Length;
            if (unpadded)
                i++;
            var field = Field(format[i], now);
            if (field is null)
                execution.Fail($"strftime_now() does not know '%{format[i]}'");
            text.Append(unpadded && field!.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : field);
        }
        execution.ChargeText(0, text.Length);
        return text.ToString();
    }

    static string? Field(char code, DateTimeOffset now)
    {
        var invariant = CultureInfo.InvariantCulture;
        return code switch
        {
            'Y' => now.ToString("yyyy", invariant),
            'y' => now.ToString("yy", invariant),
            'C' => $"{now.Year / 100:00}",
            'm' => now.ToString("MM", invariant),
            'B' => now.ToString("MMMM", invariant),
            'b' or 'h' => now.ToString("MMM", invariant),
            'd' => now.ToString("dd", invariant),
            'e' => $"{now.Day,2}",
            'j' => $"{now.DayOfYear:000}",
            'A' => now.ToString("dddd", invariant),
            'a' => now.ToString("ddd", invariant),
            'u' => $"{((int)now.DayOfWeek + 6) % 7 + 1}",
            'w' => $"{(int)now.DayOfWeek}",
            'H' => now.ToString("HH", invariant),
            'I' => now.ToString("hh", invariant),
            'k' => $"{now.Hour,2}",
            'l' => $"{(now.Hour + 11) % 12 + 1,2}",
            'M' => now.ToString("mm", invariant),
            'S' => now.ToString("ss", invariant),
            'f' => now.ToString("ffffff", invariant),
            'p' => now.ToString("tt", invariant),
            'U' => $"{(now.DayOfYear + 6 - (int)now.DayOfWeek) / 7:00}",
            'W' => $"{(now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7:00}",
            'V' => $"{ISOWeek.GetWeekOfYear(now.DateTime):00}",
            'G' => $"{ISOWeek.GetYear(now.DateTime):0000}",
            's' => $"{now.ToUnixTimeSeconds()}",
            // The reference formats a time without zone.
            'z' or 'Z' => "",
            'D' or 'x' => now.ToString("MM'/'dd'/'yy", invariant),
            'F' => now.ToString("yyyy'-'MM'-'dd", invariant),
            'T' or 'X' => now.ToString("HH':'mm':'ss", invariant),
            'R' => now.ToString("HH':'mm", invariant),
            'r' => now.ToString("hh':'mm':'ss tt", invariant),
            'c' => now.ToString("ddd MMM ", invariant) + $"{now.Day,2}" + now.ToString(" HH':'mm':'ss yyyy", invariant),
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => null,
        };
    }
}
