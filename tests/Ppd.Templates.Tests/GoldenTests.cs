using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

public class GoldenTests
{
    static readonly string[] CaseNames = ["a", "a_nosys", "b_obj", "b_str", "b_objnull", "b_obj_nosys"];

    [Fact]
    public void Published_templates_render_as_in_Jinja2_or_fail_where_it_fails()
    {
        Assert.SkipUnless(GoldenData.IsPresent, GoldenData.AbsentReason);
        using var cases = GoldenData.Cases();
        using var goldens = GoldenData.Goldens();
        var (texts, errors) = (0, 0);
        var differences = new List<string>();
        foreach (var template in goldens.RootElement.EnumerateObject())
        {
            var parsed = JinjaTemplate.Parse(GoldenData.Template(template.Name));
            foreach (var name in CaseNames)
            {
                var expected = template.Value.GetProperty(name).GetString()!;
                var actual = Outcome(parsed, cases.RootElement.GetProperty(name));
                var isText = expected.StartsWith("OK:", StringComparison.Ordinal);
                if (isText ? actual != expected : !actual.StartsWith("ERR:", StringComparison.Ordinal))
                    differences.Add($"{template.Name} {name}\n  Jinja2: {Around(expected, actual)}\n  ours:   {Around(actual, expected)}");
                (texts, errors) = (texts + (isText ? 1 : 0), errors + (isText ? 0 : 1));
            }
        }
        differences.ShouldBeEmpty();
        (texts + errors).ShouldBe(60 * 6);
        texts.ShouldBeGreaterThan(300);
    }

    static string Outcome(JinjaTemplate template, JsonElement variables)
    {
        try
        {
            var rendered = template.Render(GoldenData.Variables(variables), FixedClock.Instance);
            return string.Concat(rendered.Segments.Select(s => s.Text)) == rendered.Text ? "OK:" + rendered.Text : "SEGMENTS DIFFER";
        }
        catch (TemplateException e)
        {
            return "ERR:" + e.Message;
        }
    }

    static string Around(string text, string other)
    {
        var at = text.AsSpan().CommonPrefixLength(other);
        var start = Math.Max(0, at - 40);
        return JsonSerializer.Serialize(text[start..Math.Min(text.Length, at + 80)]);
    }
}
