namespace Ppd.Training.Demo.Corpus;

/// <summary>Short stories about an animal and what it finds.</summary>
static class StoryTalk
{
    static readonly Phrases Requests = new(
        "Tell me a story.", "Tell me a [short |little |]story about {animal}.", "Write a [short |]story about {animal}.", "Can you tell [me |]a story[, please|]?", "A story about {animal}[, please|].", "I want to hear a story about {animal}.",
        "Do you know a story about {animal}?", "Please write a story about {animal}.", "Make up a story about {animal}.", "I would like a story with {animal}.", "Story about {animal}", "Read me a story about {animal}.",
        "Once more, a story about {animal}.", "Could you write a little story about {animal}?", "My [son|daughter] wants a story about {animal}.", "Tell a tale about {animal}.");

    static readonly Phrases LongRequests = new(
        "Tell me a long story.", "Tell me a long story about {animal}.", "Write a long story about {animal}.", "I want a long story about {animal}[, please|].", "A long story about {animal}, please.", "Can you tell me a long story?",
        "Write a longer story about {animal}.", "Make up a long story about {animal}.");

    static readonly string[] Openings =
    [
        "Once upon a time there was a {feeling} {animal} called {name}.", "In a small {place} there lived a {feeling} {animal}. Its name was {name}.", "{name} was a {feeling} {animal} who lived by the {place}.",
        "Long ago a {feeling} {animal} called {name} lived near the {place}.",
    ];

    static readonly string[] Middles =
    [
        "One [morning|evening|day] {name} found an old {thing} [under a tree|in the grass|by the road|behind a stone].", "One day {name} lost a {thing} and went to look for it.",
        "Every day {name} walked through the {place} and dreamed of a {thing}.", "One night {name} heard a strange sound and saw a {thing} in the dark.",
    ];

    static readonly string[] Encounters =
    [
        "\"Whose {thing} is this?\" asked {name}.", "{name} showed the {thing} to {friend}, {other}.", "Then {friend}, {other}, came by and wanted to help.", "\"Come with me,\" said {friend}, {other}, and they went to the {place} together.",
        "{name} was afraid at first, but {friend}, {other}, was there.",
    ];

    static readonly string[] Endings =
    [
        "In the end they shared it and became good friends.", "They laughed and danced until the sun went down.", "And from that day on {name} was never lonely again.", "At home {name} told everyone about it and slept well.",
        "So {name} learned that two see more than one.", "They brought the {thing} back, and everyone was happy.",
    ];

    static readonly string[] Questions = ["Who is {name}?", "What is {name}?"];

    public static void Add(Turns turns, Random random)
    {
        var (animal, friend) = (random.Pick(Words.Animals), random.Pick(Words.Animals));
        var name = random.Pick(Words.People);
        (string, string)[] slots =
        [
            ("animal", animal), ("name", name), ("friend", random.Pick(Words.People)), ("other", Words.Article(friend)), ("place", random.Pick(Words.Places)), ("thing", random.Pick(Words.Things)),
            ("feeling", random.Pick(Words.Feelings)),
        ];
        var isLong = random.Chance(0.25);
        turns.User((isLong ? LongRequests : Requests).Lesson(random, ("animal", Words.Article(animal))), random);
        string[][] plot = isLong ? [Openings, Middles, Encounters, Middles, Encounters, Encounters, Endings] : [Openings, Middles, Encounters, Endings];
        var sentences = plot.Select(patterns => Phrases.Fill(random.Pick(patterns), random, slots));
        turns.Assistant(string.Join(' ', sentences));
        if (!random.Chance(0.15)) return;
        turns.User(Phrases.Fill(random.Pick(Questions), random, slots), random);
        turns.Assistant($"{name} is the {animal} in the story.");
    }
}
