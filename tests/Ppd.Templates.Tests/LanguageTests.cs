using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

/// <summary>The language, feature by feature: Language/cases.json holds what Jinja2 3.1 makes of each line (see Language/refresh.py).</summary>
public class LanguageTests
{
    static readonly JsonElement Data = Load();

    public static TheoryData<string, int> Groups => new()
    {
        { "Expressions", 59 }, { "Filters", 49 }, { "StringMethods", 28 }, { "Statements", 41 }, { "TestsOf", 8 }, { "Whitespace", 26 }, { "SyntaxErrors", 35 },
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void Each_line_renders_as_in_Jinja2_or_fails_where_it_fails(string group, int atLeast)
    {
        var cases = Data.GetProperty("groups").GetProperty(group).EnumerateArray().ToList();
        var differences = new List<string>();
        foreach (var @case in cases)
        {
            var template = @case.GetProperty("template").GetString()!;
            var expected = @case.GetProperty("expected").GetString();
            var actual = Render(template);
            if (actual.Text != expected)
                differences.Add($"{template}\n  Jinja2: {expected ?? "an error"}\n  ours:   {actual.Text ?? actual.Error}\n");
        }
        differences.ShouldBeEmpty();
        cases.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Fact]
    public void A_thousand_mutations_of_the_lines_end_in_text_or_a_template_error()
    {
        var lines = Data.GetProperty("groups").EnumerateObject().SelectMany(g => g.Value.EnumerateArray()).Select(c => c.GetProperty("template").GetString()!);
        MutationFuzz.Run([.. lines], GoldenData.Variables(Data.GetProperty("variables")), 1_000).ShouldBe(1_000);
    }

    static (string? Text, string? Error) Render(string template)
    {
        try
        {
            return (JinjaTemplate.Parse(template).Render(GoldenData.Variables(Data.GetProperty("variables")), FixedClock.Instance).Text, null);
        }
        catch (TemplateException e)
        {
            return (null, e.Message);
        }
    }

    static JsonElement Load()
    {
        using var stream = typeof(LanguageTests).Assembly.GetManifestResourceStream("Ppd.Templates.Tests.Language.cases.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
