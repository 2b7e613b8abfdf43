namespace Ppd.Training.Demo.Corpus;

/// <summary>Tools about cities: weather and local time.</summary>
static class CityTools
{
    static readonly ToolArgument City = new("city", ["city", "city", "location", "place", "town", "city name"], ["string"], Words.City);

    static readonly string[] CityReplies = ["{city}", "{city}.", "In {city}.", "For {city}[, please|].", "{city}, please.", "I mean {city}."];

    public static readonly ToolFamily Weather = new()
    {
        Names = ["get weather", "weather", "get current weather", "check weather", "current weather", "weather forecast", "get forecast", "weather for city", "get weather for city", "look up weather", "weather in"],
        Plugins = ["weather", "weather plugin", "city", "travel", "forecast", "city info"],
        Descriptions =
        [
            "Gets the weather of a city.", "Get the current weather for a city", "Tells the weather in a place.", "Current weather for the given location.", "The weather now.",
            "Returns the weather for a city", "Weather forecast of a town.", "Looks up the weather.",
        ],
        Arguments = [City],
        Requests = new Phrases(
            "[Hi, |Hey, ||]what [is|'s] the weather [going to be |]in {city}[ tomorrow| this evening| tonight|]?", "[Tell me|I wonder|Do you know] [if|whether] it is [raining|snowing|sunny|warm] in {city}[ today|].",
            "[I live|My brother lives|We live|My friend is] in {city}. [How is the weather there?|Is it cold there?|What is the weather like?|Will it rain?]", "{city} weather[ today| now|][, please|]",
            "Will it [rain|snow|be sunny|be windy] in {city}[ today| tomorrow|]?", "[What|Which] temperature [is it|do they have|is there] in {city}?", "[We|I] [fly|travel|go] to {city}[ today| tomorrow|]. [How is the weather there?|Do I need a coat?|Will it rain there?]",
            "Tell me what the weather does in {city}[ today| now|].", "What's the weather [like |]in {city}[ today|]?", "How is the weather in {city}[ today| now|]?",
            "How's the weather in {city}?", "Is it [sunny|raining|cold|warm|windy|cloudy] in {city}[ today| now|]?", "[Please |]tell me the weather in {city}.",
            "Do I need [an umbrella|a coat|a hat] in {city}[ today|]?", "Could you check the weather for {city}?", "Weather in {city}?", "Weather {city}",
            "[Can|Could] you tell me [how|what] the weather in {city} is?", "Check the weather in {city}[, please|].", "Give me the weather [report |]for {city}[, please|].",
            "I want to know the weather in {city}.", "I am [flying|going|travelling] to {city}. What is the weather there?", "Does it [rain|snow] in {city}[ today|]?",
            "How [warm|cold|hot] is it in {city}[ today| now|]?", "What is the temperature in {city}[ today| now|]?", "What's the temperature in {city}?",
            "Show me the weather for {city}.", "Look up the weather in {city}[, please|].", "I need the weather for {city}.", "What will the weather be in {city}?",
            "Please find out how warm it is in {city}.", "[Hi|Hello]! [What|How] is the weather in {city}?", "The weather in {city}, please.", "What weather does {city} have[ today|]?",
            "Get the weather for {city}.", "Is the weather [good|bad|nice] in {city}?", "How does the weather look in {city}?", "What's it like outside in {city}?",
            "My friend lives in {city}. Is it raining there?", "Should I take an umbrella in {city}?"),
        FollowUps = ["And in {city}?", "And {city}?", "What about {city}?", "How about {city}?", "And the weather in {city}?", "Now {city}, please."],
        Incomplete = (["What is the weather[ today|]?", "How is the weather?", "Tell me the weather[, please|].", "Is it raining?", "Check the weather."],
            ["For which city?", "Which city do you mean?"], CityReplies),
        Without = ["I cannot see the weather, I have no tool for it.", "I have no tool for the weather, sorry."],
        Run = (random, values) =>
        {
            var (sky, degrees, city) = (random.Pick(Words.Skies), random.Next(-5, 36), values["city"]);
            var result = Phrases.Fill($"[{sky}, {degrees} degrees|{degrees} degrees and {sky}|It is {sky}, {degrees} degrees.|{degrees}°C, {sky}|{sky} and {degrees}°C in {city}" +
                $"|The weather in {city} is {sky} with {degrees} degrees.|<\"condition\": \"{sky}\", \"temperature\": {degrees}>|<\"temperature\": {degrees}, \"weather\": \"{sky}\">]", random);
            return new(result.Replace('<', '{').Replace('>', '}'), $"It is {sky} in {city} with {degrees} degrees.");
        },
    };

    public static readonly ToolFamily Time = new()
    {
        Names = ["get time", "time", "get local time", "current time", "get current time", "time in city", "local time", "world clock", "what time is it", "clock"],
        Plugins = ["time", "clock", "time plugin", "city", "world clock", "city info"],
        Descriptions =
        [
            "Gets the local time of a city.", "Get the current time in a city", "Tells what time it is in a place.", "Current local time.", "The time now in a town.", "Returns the time for a city",
        ],
        Arguments = [City],
        Requests = new Phrases(
            "[Hi, |Hey, ||]what time [is it|do you have|do people have] [over |]in {city}?", "[My brother lives|My friend lives|My mother is|I have a friend] in {city}. [What time is it there?|What is the time there?|How late is it there?]",
            "[At what|What|Which] hour [is it|are they] [now |]in {city}?", "{city} time[ now|][, please|]", "Do you [happen to |]know [what time it is|the time|how late it is] in {city}?",
            "What time is it in {city}[ now| right now|]?", "What is the time in {city}[ now|]?", "What's the time in {city}?", "How late is it in {city}[ now|]?",
            "[Please |]tell me the time in {city}.", "Time in {city}?", "Time {city}", "Could you check the time in {city}?",
            "[Can|Could] you tell me what time it is in {city}?", "Check the time in {city}[, please|].", "Give me the [local |current |]time in {city}[, please|].",
            "I want to know the time in {city}.", "I [call|have a meeting in] {city}. What time is it there?", "What is the [local|current] time in {city}?",
            "Is it [late|early|night|morning|evening] in {city}[ now|]?", "Which time is it in {city}?", "Show me the time in {city}.", "Look up the time in {city}[, please|].",
            "I need the time in {city}.", "What does the clock say in {city}?", "[Hi|Hello]! What time is it in {city}?", "The time in {city}, please.", "Get the time for {city}.",
            "What hour is it in {city}?", "Is it already [noon|midnight|evening] in {city}?", "[Say|Tell me], what time do they have in {city}?", "Clock in {city}?",
            "What is the hour in {city} right now?", "Find the [local |]time of {city}.", "Do you know the time in {city}?", "Do you know what time it is in {city}?",
            "My sister lives in {city}. What time is it there?"),
        FollowUps = ["And in {city}?", "And {city}?", "What about {city}?", "How about {city}?", "And the time in {city}?", "Now {city}, please."],
        Incomplete = (["What time is it[ there|]?", "What is the time?", "Tell me the time[, please|].", "How late is it?"], ["In which city?", "Which city do you mean?"], CityReplies),
        Without = ["I have no clock and no tool for the time.", "I cannot see the time, I have no tool for it."],
        Run = (random, values) =>
        {
            var (time, city) = ($"{random.Next(24):00}:{random.Next(60):00}", values["city"]);
            var result = Phrases.Fill($"[{time}|{time}|It is {time}.|The time in {city} is {time}.|{time} in {city}|<\"time\": \"{time}\">]", random);
            return new(result.Replace('<', '{').Replace('>', '}'), $"It is {time} in {city}.");
        },
    };
}
