using Shouldly;
using Xunit;

namespace Ppd.Templates.Tests;

/// <summary>Marks through every operation. "in" is input, everything written in the template is not; segments print as text or [input].</summary>
public class MarkTests
{
    static readonly Dictionary<string, object?> Variables = new()
    {
        ["in"] = "a<|x|>b",
        ["words"] = new[] { "one", "two" },
        ["map"] = new Dictionary<string, object?> { ["key"] = "val\n" },
        ["trusted"] = new TrustedText("T"),
        ["pad"] = "  p  ",
        ["wide"] = "é😀z",
    };

    [Theory]
    [InlineData("{{ in }}", "[a<|x|>b]")]
    [InlineData("<{{ in }}>", "<[a<|x|>b]>")]
    [InlineData("{{ '<' ~ in ~ '>' }}", "<[a<|x|>b]>")]
    [InlineData("{{ '<' + in + '>' }}", "<[a<|x|>b]>")]
    [InlineData("{{ in + in }}", "[a<|x|>ba<|x|>b]")]
    [InlineData("{{ (in + '-') * 2 }}", "[a<|x|>b]-[a<|x|>b]-")]
    [InlineData("{{ ('<' + in + '>')[1:3] }}", "[a<]")]
    [InlineData("{{ ('<' + in + '>')[::-1] }}", ">[b>|x|<a]<")]
    [InlineData("{{ ('<' + in)[0] }}{{ ('<' + in)[1] }}", "<[a]")]
    [InlineData("{{ ('<' + wide + '>')[2:] }}", "[😀z]>")]
    [InlineData("{{ (pad + '!')|trim }}", "[p  ]!")]
    [InlineData("{{ ('  ' + pad).strip() }}", "[p]")]
    [InlineData("{{ (' x' + pad).rstrip() }}", " x[  p]")]
    [InlineData("{{ (in ~ ',' ~ 'q').split(',') | join('/') }}", "[a<|x|>b]/q")]
    [InlineData("{{ (in ~ ' q').split() | last }}{{ (in ~ ' q').split() | first }}", "q[a<|x|>b]")]
    [InlineData("{{ in.split('<|x|>') | join('-') }}", "[a]-[b]")]
    [InlineData("{{ in.partition('<|x|>')[2] }}", "[b]")]
    [InlineData("{{ in | replace('<|x|>', '.') }}", "[a].[b]")]
    [InlineData("{{ 'a.b'.replace('.', in) }}", "a[a<|x|>b]b")]
    [InlineData("{{ ('T' ~ in) | upper }}", "T[A<|X|>B]")]
    [InlineData("{{ ('T' ~ in) | lower }}{{ ('T' ~ in) | title }}", "t[a<|x|>b]T[a<|x|>b]")]
    [InlineData("{{ ('T' ~ in).capitalize() }}", "T[a<|x|>b]")]
    [InlineData("{{ words | join(', ') }}", "[one], [two]")]
    [InlineData("{{ ', '.join(words) }}", "[one], [two]")]
    [InlineData("{{ words }}", "['[one]', '[two]']")]
    [InlineData("{{ map }}", "{'[key]': '[val\\n]'}")]
    [InlineData("{{ map | tojson }}", "{\"[key]\": \"[val\\n]\"}")]
    [InlineData("{{ (words + ['t']) | tojson(indent=1) }}", "[\n \"[one]\",\n \"[two]\",\n \"t\"\n]")]
    [InlineData("{{ '%s=%r' % (in, in) }}", "[a<|x|>b]='[a<|x|>b]'")]
    [InlineData("{{ in % () }}", "[a<|x|>b]")]
    [InlineData("{{ '{}={:>9}'.format('k', in) }}", "k=  [a<|x|>b]")]
    [InlineData("{{ in.format() }}", "[a<|x|>b]")]
    [InlineData("{{ '{0:.2}'.format(in) }}", "[a<]")]
    [InlineData("{{ 'x' | center(3) }}{{ in | center(9) }}", " x  [a<|x|>b] ")]
    [InlineData("{{ ('r\n' + in) | indent(2) }}", "r\n  [a<|x|>b]")]
    [InlineData("{{ in | truncate(5, true, '..', 0) }}", "[a<|]..")]
    [InlineData("{{ in | e }}", "[a&lt;|x|&gt;b]")]
    [InlineData("{{ in | reverse }}", "[b>|x|<a]")]
    [InlineData("{{ in | list | join('') }}", "[a<|x|>b]")]
    [InlineData("{{ in | string | safe | default('d') }}", "[a<|x|>b]")]
    [InlineData("{% for c in in %}{{ c }}{% endfor %}", "[a<|x|>b]")]
    [InlineData("{% for k, v in map.items() %}{{ k }}:{{ v|trim }}{% endfor %}", "[key]:[val]")]
    [InlineData("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(in) }}", "<[a<|x|>b]>")]
    [InlineData("{% set s %}<{{ in }}>{% endset %}{{ s[1:] }}", "[a<|x|>b]>")]
    [InlineData("{% filter upper %}x{{ in }}{% endfilter %}", "X[A<|X|>B]")]
    [InlineData("{% set ns = namespace(t='') %}{% for w in words %}{% set ns.t = ns.t ~ w ~ ';' %}{% endfor %}{{ ns.t }}", "[one];[two];")]
    [InlineData("{{ words | sort(reverse=true) | first }}{{ words | map('upper') | join }}", "[twoONETWO]")]
    [InlineData("{{ dict(k=in).k }}{{ {'k': in}['k'] }}", "[a<|x|>ba<|x|>b]")]
    [InlineData("{{ in if in else 'no' }}{{ in or 'no' }}", "[a<|x|>ba<|x|>b]")]
    [InlineData("{{ trusted }}{{ trusted ~ in }}", "TT[a<|x|>b]")]
    [InlineData("{{ in|length }}{{ in == 'a<|x|>b' }}{{ {'a<|x|>b': 1}[in] }}", "7True1")]
    [InlineData("{{ in | urlencode }}", "[a%3C%7Cx%7C%3Eb]")]
    [InlineData("{{ ('a' + in).removeprefix('a') }}{{ ('ß' ~ in)|upper }}", "[a<|x|>b]SS[A<|X|>B]")]
    public void Every_operation_keeps_the_origin_of_each_character(string template, string expected)
    {
        var rendered = JinjaTemplate.Parse(template).Render(Variables);
        string.Concat(rendered.Segments.Select(s => s.IsInput ? $"[{s.Text}]" : s.Text)).ShouldBe(expected);
        string.Concat(rendered.Segments.Select(s => s.Text)).ShouldBe(rendered.Text);
    }

    [Fact]
    public void Neighbouring_segments_differ_in_origin_and_are_never_empty()
    {
        var rendered = JinjaTemplate.Parse("a{{ '' }}b{{ in }}{{ in }}{{ trusted }}c").Render(Variables);
        rendered.Segments.ShouldBe([new("ab", false), new("a<|x|>ba<|x|>b", true), new("Tc", false)]);
    }

    [Fact]
    public void A_template_without_output_has_no_segments() =>
        JinjaTemplate.Parse("{# nothing #}").Render(Variables).Segments.ShouldBeEmpty();
}
