namespace Ppd.Chat.Schemas;

/// <summary>
/// The formats of strings that have a grammar. Where a format has many spellings the grammar has the usual one: days that exist, offsets as .NET reads them, addresses in their
/// long form, web addresses for URIs. A time has no offset, as <see cref="TimeOnly"/> wants it.
/// </summary>
static class StringFormats
{
    const string Hour = "(\"0\" [0-9] | \"1\" [0-9] | \"2\" [0-3])";
    const string Sixty = "[0-5] [0-9]";

    static readonly Dictionary<string, Func<RuleSet, string>> Formats = new()
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = rules => $"{Date(rules)} \"T\" {Time(rules)} {rules.Add("offset", $"\"Z\" | [+\\-] (\"0\" [0-9] | \"1\" [0-3]) \":\" {Sixty} | [+\\-] \"14:00\"")}",
        ["duration"] = Duration,
        ["uuid"] = rules => rules.Add("hex", "[0-9a-fA-F]") is var hex ? $"{hex}{{8}} \"-\" {hex}{{4}} \"-\" {hex}{{4}} \"-\" {hex}{{4}} \"-\" {hex}{{12}}" : "",
        ["ipv4"] = rules => Octet(rules) is var octet ? $"{octet} \".\" {octet} \".\" {octet} \".\" {octet}" : "",
        ["ipv6"] = rules => rules.Add("ipv6-group", $"{rules.Add("hex", "[0-9a-fA-F]")}{{1,4}}") is var group ? $"{group} {rules.Add("ipv6-next", $"\":\" {group}")}{{7}}" : "",
        ["hostname"] = HostName,
        ["email"] = rules => $"{rules.Add("mail-name", "[a-zA-Z0-9_+\\-]{1,32}")} {rules.Repeat(rules.Add("mail-part", "\".\" [a-zA-Z0-9_+\\-]{1,16}"), 0, 3)} \"@\" {HostName(rules)}",
        ["uri"] = rules => $"\"http\" \"s\"? \"://\" {HostName(rules)} " +
            $"{rules.Add("port", "\":\" [1-9] [0-9]{0,3}")}? {rules.Add("path", "\"/\" [a-zA-Z0-9._~\\-]{0,64}")}{{0,8}} {rules.Add("query", "\"?\" [a-zA-Z0-9._~=&\\-]{1,64}")}?",
    };

    internal static IEnumerable<string> Known => Formats.Keys;

    /// <summary>Formats that restrict nothing.</summary>
    internal static bool SaysNothing(string format) => format is "password" or "textarea" or "";

    /// <summary>What stands between the quotes, or null where the format is not known.</summary>
    internal static string? Write(string format, RuleSet rules) => Formats.TryGetValue(format, out var write) ? write(rules) : null;

    static string Date(RuleSet rules)
    {
        var day28 = "(\"0\" [1-9] | \"1\" [0-9] | \"2\" [0-8])";
        var days = rules.Add("month-day",
            $"(\"01\" | \"03\" | \"05\" | \"07\" | \"08\" | \"10\" | \"12\") \"-\" (\"0\" [1-9] | [12] [0-9] | \"3\" [01]) | " +
            $"(\"04\" | \"06\" | \"09\" | \"11\") \"-\" (\"0\" [1-9] | [12] [0-9] | \"30\") | \"02-\" {day28}");
        var leap = rules.Add("leap-year", "[1-9] [0-9] (\"0\" [48] | [2468] [048] | [13579] [26]) | ([13579] [26] | [2468] [048]) \"00\"");
        return rules.Add("date", $"[1-9] [0-9]{{3}} \"-\" {days} | {leap} \"-02-29\"");
    }

    static string Time(RuleSet rules) => rules.Add("time", $"{Hour} \":\" {Sixty} \":\" {Sixty} (\".\" [0-9]{{1,6}})?");

    static string Duration(RuleSet rules)
    {
        string Part(char unit) => rules.Add($"duration-{unit}", $"(\"0\" | [1-9] [0-9]{{0,3}}) \"{unit}\"");
        string Parts(string first, string second, string third) => $"{first} {second}? {third}? | {second} {third}? | {third}";
        var time = rules.Add("duration-time", $"\"T\" ({Parts(Part('H'), Part('M'), Part('S'))})");
        return rules.Add("duration", $"\"P\" (({Parts(Part('Y'), Part('M'), Part('D'))}) {time}? | {time} | {Part('W')})");
    }

    static string Octet(RuleSet rules) => rules.Add("octet", "\"25\" [0-5] | \"2\" [0-4] [0-9] | \"1\" [0-9]{2} | [1-9]? [0-9]");

    static string HostName(RuleSet rules)
    {
        var label = rules.Add("host-label", "[a-z0-9] ([a-z0-9\\-]{0,30} [a-z0-9])?");
        return rules.Add("host", $"{rules.Add("host-part", $"{label} \".\"")}{{1,3}} [a-z]{{2,12}}");
    }
}
