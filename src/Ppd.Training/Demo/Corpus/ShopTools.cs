namespace Ppd.Training.Demo.Corpus;

/// <summary>Tools about the shop: prices and stock. A tool's answer counts even where it differs from the catalogue.</summary>
static class ShopTools
{
    static readonly ToolArgument Product = new("product", ["product", "product", "item", "name", "product name", "article"], ["string"], random => random.Pick(Catalogue.Products).Name);

    static readonly string[] ProductReplies = ["The {product}.", "The {product}, please.", "{product}", "For the {product}.", "I mean the {product}."];

    public static readonly ToolFamily Price = new()
    {
        Names = ["get price", "price", "get product price", "price of", "product price", "look up price", "check price", "find price", "get item price"],
        Plugins = ["shop", "price", "catalogue", "store", "product", "shop plugin", "prices", "catalog"],
        Descriptions =
        [
            "Gets the price of a product.", "Get the price of an item", "Tells what a product costs.", "Price of a product in euros.", "The current price.", "Returns the price for a product", "Looks up a price.",
        ],
        Arguments = [Product],
        Requests = new Phrases(
            "[Hi, |Hey, ||]how much [do I|must I|would I|do we] pay for [the|a|one] {product}?", "[What|How much] do you [want|ask|take] for [the|a|one] {product}?", "What [is|would be] [the cost|the price] of [the|a|one] {product}[ today| now|]?",
            "[How many euros|How much money] [is|for|do you want for|must I pay for] the {product}?", "[I like|I want|I need] the {product}. [What is the price?|How much do I pay?|How much is it?|What do you want for it?]",
            "How much is the {product}[ today| now|]?", "What does the {product} cost?", "Which price does the {product} have?", "How much does the {product} cost?",
            "[Please |]tell me the price of the {product}.", "Price of the {product}?", "What's the price of the {product}[, please|]?", "What do I pay for the {product}?",
            "Could you check the price of the {product}?", "[Can|Could] you tell me how much the {product} is?", "Check the price of the {product}[, please|].",
            "Give me the price of the {product}[, please|].", "I want to know the price of the {product}.", "I want to buy the {product}. How much is it?",
            "Is the {product} [expensive|cheap]?", "What do you want for the {product}?", "Show me the price of the {product}.", "Look up the price of the {product}[, please|].",
            "I need the price of the {product}.", "How many euros is the {product}?", "[Hi|Hello]! How much is the {product}?", "The price of the {product}, please.",
            "Get the price for the {product}.", "What would the {product} cost me?", "How expensive is the {product}?", "What must I pay for the {product}?", "How much for the {product}?",
            "I like the {product}. What does it cost?", "What is the {product} worth?", "How much money is the {product}?", "At what price do you sell the {product}?",
            "How much would I pay for the {product}?"),
        FollowUps = ["And the {product}?", "What about the {product}?", "How about the {product}?", "And what does the {product} cost?", "And the price of the {product}?"],
        Incomplete = (["What does it cost?", "How much is it?", "Tell me the price[, please|].", "What is the price?"], ["Which product do you mean?", "Of which product?"], ProductReplies),
        Run = (random, values) =>
        {
            var (price, product) = (random.Next(2, 100), values["product"]);
            var result = Phrases.Fill($"[{price}|{price} euros|{price} EUR|The {product} costs {price} euros.|{product}: {price} euros|<\"price\": {price}>|<\"product\": \"{product}\", \"price\": {price}>]", random);
            return new(result.Replace('<', '{').Replace('>', '}'), $"The {product} costs {price} euros.");
        },
    };

    public static readonly ToolFamily Stock = new()
    {
        Names = ["get stock", "stock", "check stock", "count stock", "get product stock", "stock level", "is in stock", "inventory", "get inventory", "check inventory"],
        Plugins = ["shop", "stock", "warehouse", "store", "inventory", "shop plugin", "product"],
        Descriptions =
        [
            "Gets how many pieces of a product are in stock.", "Get the stock of an item", "Tells how many are left.", "Stock of a product.", "The current stock level.",
            "Returns the stock for a product", "Looks up the stock.",
        ],
        Arguments = [Product],
        Requests = new Phrases(
            "[Hi, |Hey, ||][do you have|have you got|is there|do you still have] [the|a|any] {product}[ left| in stock| for me|]?", "[I like|I want|I need] the {product}. [Is it in stock?|Have you got it?|Do you have it?|Is there one left?]",
            "How many [{product}s|pieces of the {product}] [are left|are there|have you got|do you have][ in stock|]?", "Is there [still |]a {product} [left|in stock|for me]?", "[Are you|Is the shop] out of [the|a] {product}?",
            "Is the {product} in stock?", "How many of the {product} are [left|in stock]?", "How many pieces of the {product} can I get?", "Do you have the {product} in stock?",
            "[Please |]check the stock of the {product}.", "Stock of the {product}?", "Is the {product} [available|sold out]?", "Are there any pieces of the {product} left?",
            "[Can|Could] you check if the {product} is in stock?", "Check if the {product} is available[, please|].", "Give me the stock of the {product}[, please|].",
            "I want to know if the {product} is in stock.", "I want to buy the {product}. Is it in stock?", "Do you still have the {product}?", "Can I still get the {product}?",
            "Have you got the {product}?", "Show me the stock of the {product}.", "Look up the stock of the {product}[, please|].", "Is there still stock of the {product}?",
            "How many pieces of the {product} are left?", "[Hi|Hello]! Is the {product} in stock?", "The stock of the {product}, please.", "Get the stock for the {product}.",
            "What is the stock of the {product}?", "Is the {product} on the shelves?", "Do you have any of the {product} left?", "What stock do you have of the {product}?",
            "Can I buy the {product} today?", "Is the {product} there?", "Are you out of the {product}?", "How much stock of the {product} is there?", "Could I get the {product} right now?"),
        FollowUps = ["And the {product}?", "What about the {product}?", "How about the {product}?", "And is the {product} in stock?", "And the stock of the {product}?"],
        Incomplete = (["Is it in stock?", "How many are left?", "Check the stock[, please|].", "Do you have it in stock?"], ["Which product do you mean?", "Of which product?"], ProductReplies),
        Run = (random, values) =>
        {
            var (stock, product) = (random.Chance(0.15) ? 0 : random.Next(1, 70), values["product"]);
            var result = Phrases.Fill($"[{stock}|{stock} pieces|{stock} left|There are {stock} in stock.|{product}: {stock}|<\"stock\": {stock}>|<\"product\": \"{product}\", \"stock\": {stock}>]", random);
            return new(result.Replace('<', '{').Replace('>', '}'), CatalogueTalk.StockSentence(product, stock));
        },
    };
}
