namespace Ppd.Training.Demo.Corpus;

/// <summary>Tools that do something or take none or two arguments: a timer, lights, the date, a calculator.</summary>
static class HomeTools
{
    static readonly string[] Done = ["ok", "done", "true", "success", "OK.", "Done."];

    public static readonly ToolFamily Timer = new()
    {
        Names = ["set timer", "timer", "start timer", "create timer", "add timer", "begin timer", "set kitchen timer", "start countdown"],
        Plugins = ["timer", "clock", "home", "timers", "kitchen", "timer plugin", "alarm"],
        Descriptions = ["Sets a timer.", "Starts a timer for some minutes", "Set a timer in minutes.", "Creates a countdown.", "Rings after the given minutes.", "Starts a kitchen timer"],
        Arguments = [new("minutes", ["minutes", "minutes", "duration", "time", "duration minutes", "length"], ["integer", "integer", "number"], random => $"{random.Next(2, 100)}")],
        Requests = new Phrases(
            "[Hi, |Hey, ||][set|start|make] [me |]a [new |]timer [for|of|over] {minutes} minutes.", "[My|The] [cake|bread|tea|pizza|rice] [needs|takes] {minutes} minutes[, start a timer|. Tell me when it is done|. Set a timer].",
            "{minutes} minutes on the timer[, please|].", "Set a timer for {minutes} minutes[, please|].", "[Please |]set a timer for {minutes} minutes.", "Start a timer for {minutes} minutes.", "Start a {minutes} minute timer[, please|].",
            "Set a {minutes} minute timer.", "Timer {minutes} minutes", "Timer for {minutes} minutes[, please|].", "I need a timer for {minutes} minutes.",
            "[Can|Could] you set a timer for {minutes} minutes?", "Remind me in {minutes} minutes.", "Wake me in {minutes} minutes[, please|].", "Ring in {minutes} minutes.",
            "Give me {minutes} minutes on the timer.", "Make a timer of {minutes} minutes.", "Put {minutes} minutes on the clock.", "The [cake|bread|soup|egg] needs {minutes} minutes. Set a timer.",
            "Count down {minutes} minutes.", "Let me know when {minutes} minutes are over.", "Call me in {minutes} minutes.", "Tell me when {minutes} minutes are over.",
            "I want a timer for {minutes} minutes.", "A timer for {minutes} minutes, please.", "[Hi|Hello]! Set a timer for {minutes} minutes.", "The tea needs {minutes} minutes, start the timer.",
            "Begin a timer of {minutes} minutes.", "Set the timer to {minutes} minutes.", "Run a timer for {minutes} minutes.", "Start the clock for {minutes} minutes.",
            "In {minutes} minutes, ring[, please|].", "Create a timer for {minutes} minutes.", "Set an alarm in {minutes} minutes.", "Could you start a timer of {minutes} minutes?"),
        FollowUps = ["And one for {minutes} minutes.", "And another for {minutes} minutes.", "Now one for {minutes} minutes[, please|]."],
        Incomplete = (["Set a timer[, please|].", "Start a timer.", "I need a timer."], ["For how many minutes?", "How many minutes?"], ["{minutes}", "{minutes} minutes", "{minutes} minutes, please.", "For {minutes} minutes."]),
        Without = ["I cannot set timers, I have no tool for it.", "I have no tool for timers, sorry."],
        Run = (random, values) => new(
            random.Pick([.. Done, $"Timer set for {values["minutes"]} minutes.", $"{values["minutes"]} minutes"]), $"The timer is set for {values["minutes"]} minutes."),
    };

    public static readonly ToolFamily Light = new()
    {
        Names = ["set light", "light", "switch light", "turn light", "toggle light", "control light", "change light state", "set light state", "change state"],
        Plugins = ["light", "lights", "home", "house", "lamp", "light plugin"],
        Descriptions = ["Switches the light of a room.", "Turns a light on or off", "Set the light in a room.", "Controls the lights.", "Changes the state of the light."],
        Arguments =
        [
            new("room", ["room", "room", "room name", "location", "light"], ["string"], random => random.Pick(Words.Rooms)),
            new("state", ["state", "on", "is on"], ["boolean", "string"], random => random.Pick(["on", "off"])),
        ],
        Requests = new Phrases(
            "[Hi, |Hey, ||][turn|switch|put] the [light|lights|lamp] in the {room} {state}[, will you|].", "I [need|want|would like|must have] the [light|lights] in the {room} {state}[ now|].", "[It is dark|It is bright|I am|We are] in the {room}. [Turn|Switch] the light {state}.",
            "Turn {state} the light in the {room}[, please|].", "[Please |]turn the {room} light {state}.", "Switch {state} the light in the {room}.", "Switch the {room} light {state}[, please|].",
            "Light {state} in the {room}[, please|].", "{room} light {state}", "Turn the light in the {room} {state}.", "Please switch the light in the {room} {state}.",
            "[Can|Could] you turn {state} the light in the {room}?", "Make the light in the {room} go {state}.", "Set the {room} light to {state}.", "I want the {room} light {state}.",
            "The light in the {room} should be {state}.", "Put the {room} light {state}.", "I am in the {room}, turn the light {state}.", "The {room} light must be {state}.",
            "Turn {state} the {room} light.", "Switch {state} the {room} light[, please|].", "Lights {state} in the {room}.", "Turn the lights in the {room} {state}.", "Please put the light {state} in the {room}.",
            "I would like the light {state} in the {room}.", "Turn {state} the lights in the {room}.", "Can you switch the {room} light {state}?", "Let the light in the {room} be {state}.",
            "Get the {room} light {state}.", "[Hi|Hello]! Turn the {room} light {state}.", "Would you turn {state} the light in the {room}?", "Set the light in the {room} to {state}.",
            "{state} with the light in the {room}.", "Go to the {room} and turn the light {state}.", "I need the light {state} in the {room}."),
        FollowUps = ["And {state} in the {room}.", "And the {room} light {state}.", "Now turn it {state} in the {room}."],
        Without = ["I cannot switch lights, I have no tool for it.", "I have no tool for lights, sorry."],
        Run = (random, values) => new(random.Pick([.. Done, values["state"], $"The light is {values["state"]}."]), $"The light in the {values["room"]} is {values["state"]} now."),
    };

    public static readonly ToolFamily Date = new()
    {
        Names = ["get date", "date", "today", "get today", "current date", "get day", "weekday", "get current date"],
        Plugins = ["date", "calendar", "clock", "time", "calendar plugin"],
        Descriptions = ["Gets the date of today.", "Get the current date", "Tells which day it is.", "The day today.", "Returns today."],
        Arguments = [],
        Requests = new Phrases(
            "What day is it[ today|]?", "What is the date[ today|]?", "Which day is today?", "What's the date[ today|]?", "What day is today?", "[Please |]tell me the date.", "Date, please.",
            "What day of the week is it?", "Today's date?", "[Can|Could] you tell me the date?", "Give me the date[, please|].", "I need the date.", "Which day do we have[ today|]?", "Do you know what day it is?",
            "Check the date[, please|].", "Which date is it today?"),
        Without = ["I cannot see the date, I have no tool for it.", "I have no calendar and no tool for the date."],
        Run = (random, _) =>
        {
            var day = $"{random.Pick(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])}";
            var date = $"{day}, {random.Next(1, 29)} {random.Pick(["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"])}";
            var shown = random.Pick([day, date]);
            return new(random.Pick([shown, shown, $"{{\"date\": \"{shown}\"}}", $"Today is {shown}."]), $"Today is {shown}.");
        },
    };

    public static readonly ToolFamily Add = new()
    {
        Names = ["add", "sum", "add numbers", "plus", "calculate sum", "add two numbers", "get sum"],
        Plugins = ["math", "calculator", "math plugin", "numbers"],
        Descriptions = ["Adds two numbers.", "Add two numbers", "Returns the sum.", "The sum of two numbers."],
        Arguments =
        [
            new("a", ["a", "first", "number1", "x", "left"], ["integer", "number"], random => $"{random.Next(1, 100)}"),
            new("b", ["b", "second", "number2", "y", "right"], ["integer", "number"], random => $"{random.Next(1, 100)}"),
        ],
        Requests = new Phrases(
            "[Hi, |Hey, ||]what do [I|we|you] get [if I|when I|if you] add {a} and {b}?", "[Now |Then |]add {a} to {b}[, please|].", "The sum of {a} and {b}[, please|]?", "[Work out|Calculate|Compute|Find] [the sum of |]{a} [and|plus|+] {b}[, please|].",
            "What [is|does] {a} and {b} [together|make|in all]?", "What is {a} plus {b}?", "Add {a} and {b}[, please|].", "What is {a} + {b}?", "How much is {a} plus {b}?", "What is the sum of {a} and {b}?", "{a} + {b}", "Sum up {a} and {b}.", "Please add {a} to {b}.",
            "Calculate {a} plus {b}.", "[Can|Could] you add {a} and {b}?", "{a} plus {b}?", "Tell me the sum of {a} and {b}.", "How much is {a} + {b}?", "What do {a} and {b} make?",
            "What do I get from {a} plus {b}?", "Work out {a} plus {b}."),
        FollowUps = ["And {a} plus {b}?", "And {a} + {b}?"],
        Run = (random, values) =>
        {
            var sum = int.Parse(values["a"]) + int.Parse(values["b"]);
            return new(random.Pick([$"{sum}", $"{sum}", $"{{\"sum\": {sum}}}", $"The sum is {sum}."]), $"{values["a"]} plus {values["b"]} is {sum}.");
        },
    };
}
