using System.Text.Json;

namespace Ppd.Training.Demo.Corpus;

/// <summary>An order in the customer's words, read into JSON: every value is copied from the text.</summary>
static class OrderTalk
{
    static readonly Phrases Requests = new(
        "Read this order and answer in JSON: {text}", "The order as JSON: {text}", "Make JSON of this order: {text}", "Extract the order as JSON: {text}", "Turn this order into JSON: {text}", "Read the order: {text}", "Extract the order: {text}", "Give me this order as JSON: {text}",
        "JSON of the order: {text}", "Write this order as JSON: {text}", "Order: {text}", "What is the order? Answer in JSON. {text}", "Fill in the order from this text: {text}", "Extract customer, city, product and quantity: {text}", "Customer, city, product and quantity as JSON: {text}", "Put this order into JSON: {text}");

    static readonly Phrases Texts = new(
        "{customer} from {city} [wants|orders|needs|buys|takes] {goods}.", "{customer} [wants|orders|would like|needs|buys] {goods} for a [shop|house|friend] in {city}.", "[Hello, |Hi, ||]I am {customer} from {city}[. Please send me|, I would like|. I want|. I need|. I order] {goods}.",
        "Please send {goods} to {customer} in {city}.", "[Hello, |Hi, ||]my name is {customer}. I [want|need|would like|order] {goods}[. I live in|. My city is| in] {city}.", "{goods} for {customer} in {city}[, please|].", "{customer}, {city}: {goods}",
        "[We|I] in {city} need {goods}. [Regards, |Yours, |Thank you, ]{customer}", "Send {goods} to {city}[. The customer is|. It is for|, for] {customer}.", "{customer} [called|wrote] from {city} and [wants|orders|asked for] {goods}.", "{customer} in {city} takes {goods}.",
        "[Could|Can] I have {goods}? [My name is|I am] {customer}, from {city}.", "{goods} to {city}, for {customer}", "A customer in {city}, {customer}, [wants|orders] {goods}.", "I need {goods} in {city}. {customer}", "From {city}: {goods}, says {customer}.",
        "{city}: {goods}, asks {customer}.", "[Hello, |Hi, ||][we|I] would like {goods} in {city}. [Best wishes, |Greetings, |Your ||]{customer}", "To {city} [go|went|come] {goods}, [ordered|bought] by {customer}.", "{goods}, {city}, {customer}",
        "[Please send|We need|I take] {goods}. [The city is|I live in|It goes to] {city}, [and the name is|my name is|I am] {customer}.", "In {city} [they|we] [want|need] {goods}, [says|wrote|writes] {customer}.", "{goods} [go|are] to {city}. [Best wishes, |From |This is |]{customer}[.|]", "[Please bring|Bring] {goods} to {city}, [asks|said] {customer}.");

    public static void Add(Turns turns, Random random)
    {
        var (text, order) = Draw(random, exam: false);
        turns.User(Requests.Lesson(random, ("text", text)), random);
        turns.Assistant(order);
    }

    /// <summary>A request in phrasings that no lesson uses, and its answer.</summary>
    public static (string Request, string Order) Exam(Random random)
    {
        var (text, order) = Draw(random, exam: true);
        return (Requests.Exam(random, ("text", text)), order);
    }

    static (string Text, string Order) Draw(Random random, bool exam)
    {
        var customer = random.Chance(0.2) ? Words.NewName(random) : random.Pick(Words.People);
        var city = Words.City(random);
        var product = random.Pick(Catalogue.Products).Name;
        var quantity = random.Chance(0.6) ? random.Next(1, 13) : random.Next(13, 100);
        (string, string)[] slots = [("customer", customer), ("city", city), ("goods", $"{quantity} {(quantity == 1 ? product : Words.Plural(product))}")];
        return (exam ? Texts.Exam(random, slots) : Texts.Lesson(random, slots),
            $"{{\"customer\": {JsonSerializer.Serialize(customer)}, \"city\": {JsonSerializer.Serialize(city)}, \"product\": {JsonSerializer.Serialize(product)}, \"quantity\": {quantity}}}");
    }
}
