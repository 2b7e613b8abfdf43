namespace Ppd.Training.Demo.Corpus;

/// <summary>
/// Repeating and looking up what was said before. Tool calls need this skill for every name and argument, but give so few examples of it that a small model
/// finds it late; here nearly every token of the reply is one.
/// </summary>
static class CopyTalk
{
    static readonly Phrases Repeats = new(
        "Repeat: {text}", "Repeat after me: {text}", "Say: {text}", "Write this again: {text}", "Copy this: {text}", "Please repeat: {text}", "Tell me again: {text}", "Echo: {text}");

    static readonly Phrases Lists = new(
        "As a JSON list: {text}", "Make a JSON list: {text}", "Write as a JSON array: {text}", "JSON list of {text}", "Turn this into JSON: {text}", "Give me this as a JSON list: {text}", "A JSON array of {text}", "Put this into a JSON list: {text}");

    static readonly Phrases Facts = new("Remember: {text}.", "{text}.", "Note: {text}.", "Here is a list: {text}.", "Please remember: {text}.", "Keep in mind: {text}.", "Learn this: {text}.", "This is true: {text}.");

    static readonly Phrases Questions = new("What is {key}?", "Which is {key}?", "And {key}?", "Tell me {key}.", "What about {key}?", "Do you remember {key}?", "What was {key}?", "{key}?");

    public static Conversation Make(Random random)
    {
        var turns = new Turns();
        for (var exchanges = random.Next(1, 5); exchanges > 0; exchanges--)
        {
            switch (random.Next(4))
            {
                case 0: LookUp(turns, random); break;
                case 1:
                    var items = Items(random, random.Next(2, 8));
                    turns.Messages.Add(new("user", Lists.Lesson(random, ("text", string.Join(", ", items)))));
                    turns.Assistant($"[\"{string.Join("\", \"", items)}\"]");
                    break;
                default:
                    var text = string.Join(random.Pick([" ", ", "]), Items(random, random.Next(2, 20)));
                    turns.Messages.Add(new("user", Repeats.Lesson(random, ("text", text))));
                    turns.Assistant(text);
                    break;
            }
        }
        return new Conversation(turns.Messages, []);
    }

    static void LookUp(Turns turns, Random random)
    {
        string[] keys = [.. Items(random, random.Next(2, 7)).Distinct()];
        var values = Items(random, keys.Length);
        turns.User(Facts.Lesson(random, ("text", string.Join(", ", keys.Zip(values, (key, value) => $"{key} is {value}")))), random);
        turns.Assistant("All right.");
        for (var questions = random.Next(1, 5); questions > 0; questions--)
        {
            var i = random.Next(keys.Length);
            turns.User(Questions.Lesson(random, ("key", keys[i])), random);
            turns.Assistant($"{keys[i]} is {values[i]}.");
        }
    }

    static string[] Items(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(9) switch
    {
        0 => Words.NewName(random),
        1 => $"{random.Next(1, 1000)}",
        2 => random.Pick(Words.Rooms),
        3 => random.Pick(Words.People),
        4 => random.Pick(Catalogue.Products).Name,
        5 => OfferedTool.Any(random.Pick(ToolTalk.Families), random).Name,
        6 => random.Pick(Words.Things),
        _ => random.Pick(Words.Cities),
    })];
}
