namespace Ppd.Training.Demo.Corpus;

/// <summary>Word lists. A small model copies short, frequent words best, so the lists are closed; <see cref="NewName"/> makes words it has to spell out.</summary>
static class Words
{
    public static readonly string[] Cities =
    [
        "Paris", "London", "Rome", "Berlin", "Madrid", "Oslo", "Tokyo", "Vienna", "Lisbon", "Dublin", "Prague", "Warsaw", "Athens", "Cairo", "Delhi", "Seoul",
        "Boston", "Chicago", "Denver", "Seattle", "Toronto", "Sydney", "Lima", "Nairobi", "Milan", "Zurich", "Geneva", "Munich", "Hamburg", "Porto", "Bergen",
        "Helsinki", "Stockholm", "Copenhagen", "Brussels", "Amsterdam", "Budapest", "Istanbul", "Beijing", "Mumbai", "Singapore", "Bangkok", "Hanoi", "Miami",
        "Dallas", "Austin", "Montreal", "Havana", "Bogota", "Naples", "Florence", "Venice", "Lyon", "Nice", "Cologne", "Graz", "Krakow", "Riga", "Tallinn", "Vilnius",
        "New York", "San Francisco", "Los Angeles", "Hong Kong", "Cape Town", "Buenos Aires",
    ];

    public static readonly string[] People =
    [
        "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo", "Mia", "Noah", "Olga", "Paul", "Rosa", "Sam", "Tina", "Victor",
        "Maria", "Peter", "Lucy", "Tom", "Nina", "Max", "Alice", "Oscar", "Ella", "Hugo",
    ];

    public static readonly string[] Rooms = ["kitchen", "bedroom", "bathroom", "hall", "office", "garage", "garden", "cellar", "attic", "living room", "dining room"];

    public static readonly string[] Animals = ["fox", "cat", "dog", "owl", "bear", "mouse", "rabbit", "horse", "duck", "frog", "goat", "hen", "wolf", "bee", "turtle", "hedgehog"];

    public static readonly string[] Places = ["forest", "village", "harbour", "mountain", "garden", "meadow", "river", "island", "market", "castle", "valley", "lighthouse"];

    public static readonly string[] Things = ["key", "map", "bell", "lantern", "book", "boat", "coin", "apple", "letter", "shell", "feather", "kite", "drum", "crown"];

    public static readonly string[] Feelings = ["happy", "brave", "quiet", "curious", "clever", "lonely", "gentle", "proud", "shy", "cheerful"];

    public static readonly string[] Skies = ["sunny", "cloudy", "rainy", "windy", "foggy", "snowy", "clear", "stormy"];

    // What this model says that it knows nothing about.
    public static readonly string[] OtherTopics =
    [
        "history", "medicine", "politics", "law", "physics", "chemistry", "football", "music", "films", "banks", "taxes", "cars", "planets", "computers", "programming",
        "religion", "philosophy", "art", "cooking", "gardening", "travel", "fashion", "poetry", "stars", "wars", "kings", "elections", "shares", "vitamins", "dinosaurs",
        "volcanoes", "engines", "chess", "tennis", "opera", "biology", "grammar", "robots", "rockets", "the moon", "the sea", "the stock market", "the news", "the future",
    ];

    static readonly string[] Starts = ["Ba", "Be", "Da", "De", "Fa", "Ga", "Ka", "Ke", "La", "Le", "Ma", "Me", "Na", "No", "Pa", "Ra", "Ro", "Sa", "So", "Ta", "To", "Va", "Vi", "Wi"];
    static readonly string[] Middles = ["l", "n", "r", "s", "t", "m", "ll", "nd", "rt", "st", "v", "d", "g", "b"];
    static readonly string[] Ends = ["a", "o", "en", "er", "in", "on", "burg", "ton", "ville", "field", "ford", "mouth", "stad", "ia", "u", "i"];

    /// <summary>A name that is in no list.</summary>
    public static string NewName(Random random) => random.Pick(Starts) + random.Pick(Middles) + random.Pick(Ends);

    public static string City(Random random) => random.Chance(0.2) ? NewName(random) : random.Pick(Cities);

    public static string Plural(string noun) => noun.EndsWith("ch", StringComparison.Ordinal) ? noun + "es" : noun.EndsWith('f') ? noun[..^1] + "ves" : noun + 's';

    /// <summary>With its indefinite article.</summary>
    public static string Article(string noun) => ("aeiou".Contains(noun[0]) ? "an " : "a ") + noun;
}
