using System.Text;

namespace Ppd.Templates.Tests;

/// <summary>Damages templates at random, with a fixed seed. Any exception but a <see cref="TemplateException"/> escapes and fails the test.</summary>
static class MutationFuzz
{
    static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "*", "**", "//", "%", "~", "|", "(", ")", "[", "]", "{", "}", "'", "\"", ":", ",", ".", "\\", "\n", " ",
        " if ", " else ", " for x in ", " in ", " not ", " is ", " and ", "{% endif %}", "{% endfor %}", "{% for a in range(99999) %}", "{% macro m() %}{{ m() }}",
        "|tojson", "|list", "|join", "|length", "|sort", "|int", "[::-1]", "[1:]", ".split()", ".items()", "none", "messages", "loop", "99999999999", "1e308",
        "'%s'", "'{}'.format(", "namespace(", "\u2603", "\ud83d", "\0",
    ];

    /// <summary>Returns how many mutants were tried.</summary>
    public static int Run(IReadOnlyList<string> sources, IReadOnlyDictionary<string, object?> variables, int count)
    {
        var random = new Random(20260802);
        var limits = new TemplateLimits { MaxSteps = 100_000, MaxOutputLength = 1_000_000, AllowMutation = true };
        for (var i = 0; i < count; i++)
        {
            var mutant = Mutate(sources[random.Next(sources.Count)], random);
            try
            {
                JinjaTemplate.Parse(mutant, limits).Render(variables, FixedClock.Instance);
            }
            catch (TemplateException)
            {
                // The expected end of most mutants.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"mutant {i} broke the engine:\n{mutant}", e);
            }
        }
        return count;
    }

    static string Mutate(string source, Random random)
    {
        var text = new StringBuilder(source);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                default:
                    text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }
        return text.ToString();
    }
}
