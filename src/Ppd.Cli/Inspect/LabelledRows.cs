using Spectre.Console;

namespace Ppd.Cli.Inspect;

/// <summary>Sections of labelled rows; long values are wrapped where the console has a width.</summary>
sealed class LabelledRows(IAnsiConsole console)
{
    /// <summary>Characters before a value: two blanks, the longest label, two blanks.</summary>
    public const int Indent = 22;

    public static readonly Style Label = new(decoration: Decoration.Dim), Warning = new(Color.Yellow), Bad = new(Color.Red);

    static readonly Style Heading = new(decoration: Decoration.Bold);

    public void Section(string title)
    {
        console.WriteLine();
        console.WriteLine(title, Heading);
    }

    public void Row(string label, string value, Style? style = null)
    {
        foreach (var line in Wrap(Terminal.Safe(value), Math.Max(console.Profile.Width - Indent - 1, 20)))
        {
            console.Write(new Text($"  {Terminal.Safe(label)}  ".PadRight(Indent), Label));
            console.WriteLine(line, style ?? Style.Plain);
            label = "";
        }
    }

    static IEnumerable<string> Wrap(string text, int width)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > width)
            {
                var cut = rest.LastIndexOf(' ', width) is var space and > 0 ? space : width;
                yield return rest[..cut];
                rest = rest[cut..].TrimStart();
            }
            yield return rest;
        }
    }
}
