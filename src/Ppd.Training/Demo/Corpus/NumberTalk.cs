namespace Ppd.Training.Demo.Corpus;

/// <summary>Small sums, units, counting and lists.</summary>
static class NumberTalk
{
    static readonly Phrases Sums = new(
        "What is {a} {op} {b}?", "How much is {a} {op} {b}?", "{a} {op} {b}?", "Calculate {a} {op} {b}[, please|].", "[Can|Could] you tell me what {a} {op} {b} is?", "Tell me {a} {op} {b}.", "I need {a} {op} {b}.",
        "Please work out {a} {op} {b}.", "What does {a} {op} {b} make?", "Do you know {a} {op} {b}?");

    static readonly Phrases Units = new(
        "How many {small} are {n} {large}?", "How many {small} are in {n} {large}?", "What are {n} {large} in {small}?", "{n} {large} in {small}?", "Convert {n} {large} to {small}[, please|].",
        "How many {small} do {n} {large} have?", "Tell me {n} {large} in {small}.", "How many {small} make {n} {large}?", "Change {n} {large} into {small}.", "I have {n} {large}. How many {small} is that?");

    static readonly Phrases Counts = new("Count to {n}.", "Count from 1 to {n}[, please|].", "Please count to {n}.", "Can you count to {n}?", "Count up to {n}.", "Give me the numbers from 1 to {n}.", "Write the numbers 1 to {n}.", "Say the numbers up to {n}.");

    static readonly Phrases Lists = new(
        "Name {n} {kind}.", "Give me {n} {kind}[, please|].", "List {n} {kind}.", "Tell me {n} {kind}.", "Can you name {n} {kind}?", "I need {n} {kind}.", "Which {kind} do you know? Name {n}.", "Write down {n} {kind}.");

    static readonly Phrases ListsAsJson = new(
        "Name {n} {kind} as JSON.", "Give me {n} {kind} as a JSON list.", "List {n} {kind} in JSON.", "A JSON array of {n} {kind}[, please|].", "Write {n} {kind} as JSON.", "{n} {kind} as a JSON array.", "Answer in JSON: {n} {kind}.", "I need {n} {kind} as JSON.");

    static readonly (string Large, string Small, int Factor)[] Conversions =
    [
        ("hours", "minutes", 60), ("minutes", "seconds", 60), ("days", "hours", 24), ("weeks", "days", 7), ("years", "months", 12), ("dozens", "pieces", 12),
        ("metres", "centimetres", 100), ("kilograms", "grams", 1000), ("kilometres", "metres", 1000), ("euros", "cents", 100), ("litres", "millilitres", 1000),
    ];

    static readonly (string Kind, string[] Items)[] Kinds =
    [
        ("fruits", ["apple", "pear", "plum", "cherry", "peach"]), ("colours", ["red", "blue", "green", "yellow", "black"]), ("animals", ["fox", "cat", "dog", "owl", "bear"]),
        ("cities", ["Paris", "London", "Rome", "Berlin", "Madrid"]), ("products", ["lamp", "mug", "chair", "rug", "vase"]), ("numbers", ["one", "two", "three", "four", "five"]),
        ("days", ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]), ("months", ["January", "February", "March", "April", "May"]),
    ];

    static readonly string[] Numbers = ["two", "three", "four", "five"];

    public static void Add(Turns turns, Random random)
    {
        switch (random.Next(8))
        {
            case 0 or 1 or 2: AddSum(turns, random); break;
            case 3 or 4: AddUnits(turns, random); break;
            case 5:
                var last = random.Next(2, 21);
                turns.User(Counts.Lesson(random, ("n", $"{last}")), random);
                turns.Assistant(string.Join(", ", Enumerable.Range(1, last)) + ".");
                break;
            default:
                var (kind, items) = random.Pick(Kinds);
                var count = random.Next(2, 6);
                (string, string)[] slots = [("n", random.Chance(0.3) ? $"{count}" : Numbers[count - 2]), ("kind", kind)];
                var asJson = random.Chance(0.4);
                turns.User((asJson ? ListsAsJson : Lists).Lesson(random, slots), random);
                turns.Assistant(asJson ? $"[\"{string.Join("\", \"", items.Take(count))}\"]" : string.Join(", ", items.Take(count - 1)) + $" and {items[count - 1]}.");
                break;
        }
    }

    static void AddSum(Turns turns, Random random)
    {
        var (a, b) = (random.Next(1, 21), random.Next(1, 21));
        var (word, sign, result) = random.Next(3) switch
        {
            0 => ("plus", "+", a + b),
            1 => ("minus", "-", a),
            _ => ("times", "*", 0),
        };
        if (word == "minus") a += b;
        if (word == "times") result = (a = random.Next(1, 11)) * (b = random.Next(1, 11));
        turns.User(Sums.Lesson(random, ("a", $"{a}"), ("b", $"{b}"), ("op", random.Chance(0.7) ? word : sign)), random);
        turns.Assistant($"{a} {word} {b} is {result}.");
    }

    static void AddUnits(Turns turns, Random random)
    {
        var (large, small, factor) = random.Pick(Conversions);
        var n = random.Next(2, 11);
        turns.User(Units.Lesson(random, ("n", $"{n}"), ("large", large), ("small", small)), random);
        turns.Assistant($"{n} {large} are {n * factor} {small}.");
    }
}
