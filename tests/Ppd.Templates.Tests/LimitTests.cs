using System.Text.Json;
using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

public class LimitTests
{
    static readonly Dictionary<string, object?> Nothing = [];

    static TemplateLimitException Hit(string template, TemplateLimits? limits = null, Dictionary<string, object?>? variables = null) =>
        Should.Throw<TemplateLimitException>(() => JinjaTemplate.Parse(template, limits).Render(variables ?? Nothing));

    [Theory]
    [InlineData("{{ 'a' * 10000000000 }}", "MaxOutputLength")]
    [InlineData("{{ 10**10 * 'ab' }}", "MaxOutputLength")]
    [InlineData("{{ [0] * 10**12 }}", "MaxSteps")]
    [InlineData("{{ [0] * (2**62) }}", "MaxSteps")]
    [InlineData("{{ range(10**12) | list }}", "MaxRangeLength")]
    [InlineData("{{ range(-(2**63), 2**63 - 1) }}", "MaxRangeLength")]
    [InlineData("{{ range(10**30) }}", "MaxRangeLength")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}", "MaxSteps")]
    [InlineData("{% for a in range(99999) %}{{ 'x' * 9999 }}{% endfor %}", "MaxOutputLength")]
    [InlineData("{{ 'x' | center(10**9) }}", "MaxOutputLength")]
    [InlineData("{{ 'x'.ljust(10**9) }}", "MaxOutputLength")]
    [InlineData("{{ '5'.zfill(10**9) }}", "MaxOutputLength")]
    [InlineData("{{ '{:999999999}'.format('x') }}", "MaxOutputLength")]
    [InlineData("{{ '%999999999d' % 1 }}", "MaxOutputLength")]
    [InlineData("{{ ('a' * 100000) | indent(10**9) }}{{ ('a\n' * 9) | indent(10**9) }}", "MaxOutputLength")]
    [InlineData("{{ [[1]] | tojson(indent=10**9) }}", "MaxOutputLength")]
    [InlineData("{{ ('a' * 100000).replace('a', 'b' * 100000) }}", "MaxOutputLength")]
    [InlineData("{{ ('a' * 100000).replace('', 'b' * 100000) }}", "MaxOutputLength")]
    [InlineData("{{ (['a'] * 100000) | join('b' * 100000) }}", "MaxOutputLength")]
    [InlineData("{% for i in range(99999) %}{% set s = ('a' * 8000000).find('b' * 100) %}{% endfor %}", "MaxSteps")]
    [InlineData("{% set t = 'a' * 8000000 %}{% for i in range(99999) %}{% set s = ('a' * 4000000 ~ 'b' ~ 'a' * 40) in t %}{% endfor %}", "MaxSteps")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", "MaxOutputLength")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}", "MaxOutputLength")]
    [InlineData("{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}", "MaxSteps")]
    [InlineData("{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}", "MaxSteps")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}", "MaxDepth")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(9999) %}{% set ns.x = {'k': ns.x} %}{% endfor %}{{ ns.x | tojson }}", "MaxDepth")]
    [InlineData("{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}", "MaxDepth")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "MaxDepth")]
    [InlineData("{% macro a() %}{% call b() %}{% endcall %}{% endmacro %}{% macro b() %}{{ caller() }}{{ a() }}{% endmacro %}{{ a() }}", "MaxDepth")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "MaxDepth")]
    [InlineData("{% for i in range(99999) %}{{ 7 ** 1400 % 3 }}{% endfor %}", "MaxSteps")]
    public void Each_way_to_use_up_resources_ends_in_a_limit(string template, string limit)
    {
        var error = Hit(template);
        error.Limit.ShouldBe(limit);
        error.Line.ShouldBe(1);
        error.Message.ShouldContain(limit);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{1:", "}")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("a[", "]")]
    [InlineData("f(", ")")]
    [InlineData("x if y else ", "")]
    [InlineData("a|f(", ")")]
    [InlineData("a is t(", ")")]
    public void Nesting_a_hundred_thousand_deep_in_an_expression_is_refused(string opening, string closing)
    {
        // The size limit is raised to let the depth limit speak.
        var limits = TemplateLimits.Default with { MaxTemplateLength = int.MaxValue };
        var source = "{{ " + string.Concat(Enumerable.Repeat(opening, 100_000)) + "1" + string.Concat(Enumerable.Repeat(closing, 100_000)) + " }}";
        Should.Throw<TemplateLimitException>(() => JinjaTemplate.Parse(source, limits)).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Fact]
    public void Brackets_that_never_close_are_a_syntax_error_at_once() =>
        Should.Throw<TemplateSyntaxException>(() => JinjaTemplate.Parse("{{ " + new string('(', 100_000))).Message.ShouldContain("never closed");

    [Theory]
    [InlineData("{% if x %}")]
    [InlineData("{% for x in y %}")]
    [InlineData("{% macro m() %}")]
    [InlineData("{% filter upper %}")]
    [InlineData("{% set x %}")]
    public void Nesting_blocks_a_hundred_thousand_deep_is_refused(string opening)
    {
        var limits = TemplateLimits.Default with { MaxTemplateLength = int.MaxValue };
        var source = string.Concat(Enumerable.Repeat(opening, 100_000));
        Should.Throw<TemplateLimitException>(() => JinjaTemplate.Parse(source, limits)).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Theory]
    [InlineData("+ 1")]
    [InlineData("|abs")]
    [InlineData(".a")]
    [InlineData("[0]")]
    [InlineData("()")]
    [InlineData(" and 1")]
    public void A_chain_of_a_hundred_thousand_operators_is_refused_when_rendered(string link) =>
        Hit("{{ 1" + string.Concat(Enumerable.Repeat(link, 100_000)) + " }}").Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));

    [Fact]
    public void A_chain_of_concatenations_has_no_depth()
    {
        var source = "{{ 1" + string.Concat(Enumerable.Repeat("~1", 10_000)) + " }}";
        JinjaTemplate.Parse(source).Render(Nothing).Text.Length.ShouldBe(10_001);
    }

    [Fact]
    public void Input_nested_a_hundred_thousand_deep_is_refused()
    {
        object? value = "leaf";
        for (var i = 0; i < 100_000; i++)
            value = new object?[] { value };
        Hit("{{ x }}", variables: new() { ["x"] = value }).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Fact]
    public void Input_that_contains_itself_is_refused()
    {
        var list = new List<object?>();
        list.Add(list);
        Hit("x", variables: new() { ["x"] = list }).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Fact]
    public void Json_nested_beyond_the_limit_is_refused()
    {
        var json = new string('[', 5_000) + new string(']', 5_000);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });
        Hit("x", variables: new() { ["x"] = document.RootElement }).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Fact]
    public void The_limit_holds_on_a_thread_with_a_small_stack()
    {
        TemplateLimitException? error = null;
        var limits = TemplateLimits.Default with { MaxDepth = int.MaxValue };
        var thread = new Thread(() => error = Hit("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", limits), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        error.ShouldNotBeNull().Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
    }

    [Fact]
    public void Each_limit_can_be_set()
    {
        Should.Throw<TemplateLimitException>(() => JinjaTemplate.Parse("abc", new TemplateLimits { MaxTemplateLength = 2 })).Allowed.ShouldBe(2);
        Hit("abc", new TemplateLimits { MaxOutputLength = 2 }).Allowed.ShouldBe(2);
        Hit("{{ range(3) }}", new TemplateLimits { MaxRangeLength = 2 }).Allowed.ShouldBe(2);
        Hit("{{ [[[1]]] }}", new TemplateLimits { MaxDepth = 2 }).Allowed.ShouldBe(2);
        Hit("{{ 1 }}{{ 1 }}", new TemplateLimits { MaxSteps = 3 }).Allowed.ShouldBe(3);
        JinjaTemplate.Parse("{{ 1 }}{{ 1 }}", new TemplateLimits { MaxSteps = 100 }).Render(Nothing).Text.ShouldBe("11");
    }

    [Fact]
    public void The_error_names_the_line() => Hit("a\nb\n{{ 1 }}{{ 'x' * 10**12 }}\n").Line.ShouldBe(3);

    [Fact]
    public void Lists_change_in_place_only_when_allowed()
    {
        const string template = "{% set l = [1] %}{% set _ = l.append(2) %}{{ l }}{{ l.pop() }}{{ l }}{% set d = {} %}{% set _ = d.update(a=1) %}{{ d }}";
        Should.Throw<TemplateEvaluationException>(() => JinjaTemplate.Parse(template).Render(Nothing)).Message.ShouldContain("append");
        JinjaTemplate.Parse(template, new TemplateLimits { AllowMutation = true }).Render(Nothing).Text.ShouldBe("[1, 2]2[1]{'a': 1}");
    }

    [Fact]
    public void A_list_that_contains_or_keeps_doubling_itself_meets_a_limit()
    {
        var limits = new TemplateLimits { AllowMutation = true };
        Hit("{% set l = [1] %}{% set _ = l.append(l) %}{{ l }}", limits).Limit.ShouldBe(nameof(TemplateLimits.MaxDepth));
        Hit("{% set l = [1] %}{% for i in range(99) %}{% set _ = l.extend(l) %}{% endfor %}", limits with { MaxSteps = 100_000 }).Limit.ShouldBe(nameof(TemplateLimits.MaxSteps));
    }
}
