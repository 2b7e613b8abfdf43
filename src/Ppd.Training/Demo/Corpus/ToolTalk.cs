using System.Text.Json;
using Ppd.Templates;

namespace Ppd.Training.Demo.Corpus;

/// <summary>Conversations in which tools are offered: most requests need one, some need none, some need one that is missing.</summary>
static class ToolTalk
{
    public static readonly ToolFamily[] Families =
    [
        CityTools.Weather, CityTools.Time, ShopTools.Price, ShopTools.Stock, HomeTools.Timer, HomeTools.Light, HomeTools.Date, HomeTools.Add,
    ];

    static readonly (string Result, string Answer)[] Failures =
    [
        ("error", "Sorry, that did not work."), ("Error: Function failed.", "Sorry, that did not work."), ("not found", "Sorry, nothing was found."), ("{\"error\": \"not found\"}", "Sorry, nothing was found."),
    ];

    /// <param name="random">Chooses everything.</param>
    /// <param name="usualShare">Share of conversations whose tools have their usual names.</param>
    public static Conversation Make(Random random, double usualShare)
    {
        var turns = new Turns();
        if (random.Chance(0.5)) turns.System(SystemPrompts.Make(random));
        var tools = Offer(random, usual: usualShare > 0 && random.Chance(usualShare));
        for (var exchanges = random.Next(2, 6); exchanges > 0; exchanges--)
        {
            switch (random.Next(10))
            {
                case 0: MissingTool(turns, tools, random); break;
                case 1 when !tools.Any(tool => tool.Family == HomeTools.Add): NumberTalk.Add(turns, random); break;
                case 2: SmallTalk.Add(turns, random); break;
                case 3: Incomplete(turns, random.Pick(tools), random); break;
                case 4 when tools.Length > 1: TwoRequests(turns, tools, random); break;
                default: Request(turns, random.Pick(tools), random); break;
            }
        }
        return new Conversation(turns.Messages, [.. tools.Select(tool => tool.Declaration())]);
    }

    /// <summary>One to four tools of different families, under their usual names or under any.</summary>
    public static OfferedTool[] Offer(Random random, bool usual)
    {
        var families = Families.ToArray();
        random.Shuffle(families);
        var separator = random.Pick([null, null, null, "-", "_"]);
        return [.. families.Take(random.Next(1, 5)).Select(family => usual ? OfferedTool.Usual(family, separator) : OfferedTool.Any(family, random))];
    }

    static void Request(Turns turns, OfferedTool tool, Random random)
    {
        var values = tool.Family.Draw(random);
        turns.User(tool.Family.Requests.Lesson(random, Slots(values)), random);
        Call(turns, tool, values, random);
        if (tool.Family.FollowUps is not { Length: > 0 } followUps || !random.Chance(0.3)) return;
        values = tool.Family.Draw(random);
        turns.User(Phrases.Fill(random.Pick(followUps), random, Slots(values)), random);
        Call(turns, tool, values, random);
    }

    // Two things in one message: one call after the other, then one answer to both.
    static void TwoRequests(Turns turns, OfferedTool[] tools, Random random)
    {
        var chosen = tools.ToArray();
        random.Shuffle(chosen);
        IReadOnlyDictionary<string, string>[] values = [chosen[0].Family.Draw(random), chosen[1].Family.Draw(random)];
        turns.User(Together(chosen[0].Family.Requests.Lesson(random, Slots(values[0])), chosen[1].Family.Requests.Lesson(random, Slots(values[1])), random), random);
        var (first, second) = (Run(turns, chosen[0], values[0], random), Run(turns, chosen[1], values[1], random));
        turns.Assistant($"{first} {second}");
    }

    /// <summary>Two requests as one message.</summary>
    public static string Together(string first, string second, Random random)
    {
        second = random.Next(3) switch
        {
            0 => "And " + Uncapitalised(second),
            1 => "Then " + Uncapitalised(second),
            _ => char.ToUpperInvariant(second[0]) + second[1..],
        };
        return (first[^1] is '.' or '?' or '!' ? first : first + '.') + ' ' + second;

        static string Uncapitalised(string text) => text.StartsWith("I ", StringComparison.Ordinal) || text.StartsWith("I'", StringComparison.Ordinal) ? text : char.ToLowerInvariant(text[0]) + text[1..];
    }

    static void Incomplete(Turns turns, OfferedTool tool, Random random)
    {
        if (tool.Family.Incomplete is not { } incomplete)
        {
            Request(turns, tool, random);
            return;
        }
        var values = tool.Family.Draw(random);
        turns.User(Phrases.Fill(random.Pick(incomplete.Requests), random), random);
        turns.Assistant(random.Pick(incomplete.Questions));
        turns.User(Phrases.Fill(random.Pick(incomplete.Replies), random, Slots(values)), random);
        Call(turns, tool, values, random);
    }

    static void MissingTool(Turns turns, OfferedTool[] tools, Random random)
    {
        var missing = random.Pick([.. Families.Where(family => tools.All(tool => tool.Family != family))]);
        if (missing.Without is not { } excuses)
        {
            if (missing == HomeTools.Add) SmallTalk.Add(turns, random);
            else CatalogueTalk.AddAbout(missing, turns, random);
            return;
        }
        turns.User(missing.Requests.Lesson(random, Slots(missing.Draw(random))), random);
        turns.Assistant(random.Pick(excuses));
    }

    static void Call(Turns turns, OfferedTool tool, IReadOnlyDictionary<string, string> values, Random random) => turns.Assistant(Run(turns, tool, values, random));

    // The call and its result; returns what the assistant says to it.
    static string Run(Turns turns, OfferedTool tool, IReadOnlyDictionary<string, string> values, Random random)
    {
        var outcome = tool.Family.Run(random, values);
        if (random.Chance(0.04)) outcome = Failed(random);
        // Semantic Kernel serialises results: a string may come back in quotes
        var result = random.Chance(0.15) && !outcome.Result.StartsWith('{') ? JsonSerializer.Serialize(outcome.Result) : outcome.Result;
        AddCall(turns.Messages, tool, values, result);
        return outcome.Answer;
    }

    /// <summary>The assistant's call and the tool's result.</summary>
    public static void AddCall(List<TemplateMessage> messages, OfferedTool tool, IReadOnlyDictionary<string, string> values, string result)
    {
        var id = $"call{messages.Count}";
        messages.Add(new TemplateMessage("assistant", null) { ToolCalls = [new(id, tool.Name, tool.Arguments(values))] });
        messages.Add(new TemplateMessage("tool", result) { ToolCallId = id, Name = tool.Name });
    }

    static ToolOutcome Failed(Random random)
    {
        var (result, answer) = random.Pick(Failures);
        return new(result, answer);
    }

    public static (string, string)[] Slots(IReadOnlyDictionary<string, string> values) => [.. values.Select(value => (value.Key, value.Value))];
}
