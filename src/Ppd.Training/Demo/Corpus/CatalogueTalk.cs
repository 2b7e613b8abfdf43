using System.Text.Json;

namespace Ppd.Training.Demo.Corpus;

/// <summary>Questions about the catalogue, answered from memory: price, stock, colour, as sentences or as JSON.</summary>
static class CatalogueTalk
{
    static readonly Phrases Colours = new(
        "What colour is the {product}?", "Which colour does the {product} have?", "What colour does the {product} come in?", "Tell me the colour of the {product}.", "The colour of the {product}?",
        "In which colour do you sell the {product}?", "Is the {product} [red|blue|white|black]?", "What is the colour of the {product}?", "What colour has the {product}?", "Colour of the {product}, please.");

    static readonly Phrases Everything = new(
        "Tell me about the {product}.", "What do you know about the {product}?", "Describe the {product}.", "Give me all about the {product}.", "I am interested in the {product}.",
        "What is the {product} like?", "Can you describe the {product}[, please|]?", "Say something about the {product}.", "Details of the {product}, please.", "Show me the {product}.");

    static readonly Phrases AsJson = new(
        "Give me the {product} as JSON.", "Describe the {product} as JSON.", "[Please |]write the {product} as JSON.", "The {product} as JSON[, please|].", "JSON for the {product}[, please|].",
        "Show the {product} in JSON.", "Answer in JSON: the {product}.", "Tell me about the {product} in JSON.", "What is the {product}? Answer as JSON.", "I need the {product} as a JSON object.",
        "Return JSON for the {product}.", "Give me JSON about the {product}.");

    static readonly Phrases FieldsAsJson = new(
        "Give me [|only ]the {a} and {b} of the {product} as JSON.", "JSON with the {a} and {b} of the {product}[, please|].", "Write {a} and {b} of the {product} as JSON.", "As JSON: {a} and {b} of the {product}.",
        "I need JSON with {a} and {b} of the {product}.", "Answer in JSON with {a} and {b}: the {product}.", "Show {a} and {b} of the {product} in JSON.", "Return the {a} and {b} of the {product} as JSON.");

    static readonly Phrases Shop = new(
        "What do you sell?", "What is in your shop?", "What can I buy [here|from you]?", "Which products do you have?", "What products do you sell?", "Tell me about your shop.", "What is your shop called?", "What does your shop sell?");

    static readonly Phrases Orders = new(
        "I want to buy the {product}.", "I would like to order the {product}.", "I take the {product}.", "Can I order the {product}?", "Order the {product}[, please|].", "Sell me the {product}.", "I buy the {product}.", "Please send me the {product}.");

    static readonly Phrases Unknown = new(
        "How much is the {thing}?", "Do you have [a|the] {thing}?", "What does the {thing} cost?", "Is the {thing} in stock?", "What colour is the {thing}?", "Do you sell a {thing}?", "I want to buy a {thing}.", "What is the price of the {thing}?");

    static readonly string[] NotSold = ["car", "bicycle", "phone", "laptop", "house", "horse", "television", "camera", "piano", "guitar", "ship", "radio", "jacket", "shirt", "shoe", "ring", "watch", "tent"];

    public static string StockSentence(string product, int stock) => stock switch
    {
        0 => $"The {product} is sold out.",
        1 => $"Yes, one {product} is left.",
        _ => $"Yes, the {product} is in stock: {stock} pieces.",
    };

    public static void Add(Turns turns, Random random)
    {
        var product = random.Pick(Catalogue.Products);
        (string, string) slot = ("product", product.Name);
        switch (random.Next(10))
        {
            case 0 or 1:
                AddAbout(ShopTools.Price, turns, random);
                break;
            case 2 or 3:
                AddAbout(ShopTools.Stock, turns, random);
                break;
            case 4:
                turns.User(Colours.Lesson(random, slot), random);
                turns.Assistant($"The {product.Name} is {product.Colour}.");
                break;
            case 5:
                turns.User(Everything.Lesson(random, slot), random);
                turns.Assistant(Description(product));
                break;
            case 6:
                turns.User(AsJson.Lesson(random, slot), random);
                turns.Assistant(Json(product, ["name", "price", "colour", "stock"]));
                break;
            case 7:
                var fields = random.GetItems(Pairs, 1)[0];
                turns.User(FieldsAsJson.Lesson(random, slot, ("a", fields[0]), ("b", fields[1])), random);
                turns.Assistant(Json(product, fields));
                break;
            case 8:
                var thing = random.Pick(NotSold);
                turns.User(Unknown.Lesson(random, ("thing", thing)), random);
                turns.Assistant($"We do not sell {Words.Article(thing)}. Ask me what we sell.");
                break;
            default:
                if (random.Chance(0.5))
                {
                    turns.User(Shop.Lesson(random), random);
                    turns.Assistant($"This is {Catalogue.Shop}. We sell things for the home: lamps, mugs, chairs, tables, rugs, vases and more.");
                }
                else
                {
                    turns.User(Orders.Lesson(random, slot), random);
                    turns.Assistant(product.Stock == 0 ? $"The {product.Name} is sold out, sorry." : $"The {product.Name} costs {product.Price} euros. I cannot take orders, but it is in stock.");
                }
                break;
        }
    }

    /// <summary>A question that a tool of <paramref name="family"/>, price or stock, would answer if there were one.</summary>
    public static void AddAbout(ToolFamily family, Turns turns, Random random)
    {
        var product = random.Pick(Catalogue.Products);
        turns.User(family.Requests.Lesson(random, ("product", product.Name)), random);
        turns.Assistant(family == ShopTools.Price ? $"The {product.Name} costs {product.Price} euros." : StockSentence(product.Name, product.Stock));
    }

    static readonly string[][] Pairs = [["name", "price"], ["price", "stock"], ["name", "stock"], ["price", "colour"], ["name", "colour"], ["colour", "stock"]];

    static string Description(Product product) =>
        $"The {product.Name} is {product.Colour} and costs {product.Price} euros. " + (product.Stock == 0 ? "It is sold out." : $"We have {product.Stock} pieces.");

    static string Json(Product product, string[] fields)
    {
        var values = fields.Select(field => $"\"{field}\": " + field switch
        {
            "price" => $"{product.Price}",
            "stock" => $"{product.Stock}",
            "colour" => JsonSerializer.Serialize(product.Colour),
            _ => JsonSerializer.Serialize(product.Name),
        });
        return '{' + string.Join(", ", values) + '}';
    }
}
