using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Ppd.Templates.Tests;

/// <summary>
/// Not a test: prints how long parsing and rendering take.
/// dotnet run -c Release --project tests/Ppd.Templates.Tests -- -explicit only -live-output
/// </summary>
public class SpeedMeasurement(ITestOutputHelper output)
{
    const int Rounds = 200;

    [Fact(Explicit = true)]
    public void Parse_and_render_a_hundred_messages()
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        using var goldens = GoldenData.Goldens();
        var sources = goldens.RootElement.EnumerateObject().Select(p => (p.Name, Source: GoldenData.Template(p.Name)))
            .OrderByDescending(t => t.Source.Length).ToList();
        var messages = new List<TemplateMessage>();
        for (var i = 0; i < 50; i++)
            messages.AddRange([new("user", $"Question {i}: {new string('x', 200)}"), new("assistant", $"Answer {i}: {new string('y', 400)}")]);
        output.WriteLine($"{"template",-50} {"chars",7} {"parse first",12} {"parse",9} {"100 messages",13}   (ms, median of {Rounds})");
        foreach (var (name, source) in sources)
        {
            var first = Milliseconds(() => JinjaTemplate.Parse(source));
            var template = ChatTemplate.Create(new() { Default = source, BosToken = "<s>", EosToken = "</s>" });
            _ = template.Capabilities;
            var parse = Median(() => JinjaTemplate.Parse(source));
            var render = TryMedian(() => template.Render(messages));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {source.Length,7} {first,12:F3} {parse,9:F3} {render,13}"));
        }
    }

    static string TryMedian(Action action)
    {
        try
        {
            return Median(action).ToString("F3", CultureInfo.InvariantCulture);
        }
        catch (TemplateException e)
        {
            return e.GetType().Name;
        }
    }

    static double Median(Action action)
    {
        for (var i = 0; i < 50; i++)
            action();
        return Enumerable.Range(0, Rounds).Select(_ => Milliseconds(action)).Order().ElementAt(Rounds / 2);
    }

    static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
