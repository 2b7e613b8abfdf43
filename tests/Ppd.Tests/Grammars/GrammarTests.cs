using Ppd.Grammars;

namespace Ppd.Tests.Grammars;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("root ::= \"a\" \"b\"", "ab", "a|abb|b")]
    [InlineData("root ::= \"a\" | \"bc\"", "a|bc", "b|ac|")]
    [InlineData("root ::= [a-c]+ [^0-9x]", "ab|c-|ccz", "a|c5|abx")]
    [InlineData("root ::= \"x\"* \"y\"?", "|x|xxy|y", "yy|yx")]
    [InlineData("root ::= (\"ab\" | \"c\"){2}", "abab|cc|abc", "ab|ccc")]
    [InlineData("root ::= \"a\"{2,3}", "aa|aaa", "a|aaaa")]
    [InlineData("root ::= \"a\"{2,}", "aa|aaaaa", "a")]
    [InlineData("root ::= \"ab\"{0,2} \"c\"{0}", "|ab|abab", "ababab|c")]
    [InlineData("# comment\nroot ::= item (\",\" item)*   # list\nitem ::= [0-9] |\n  \"-\"\n", "1|-|1,-,2", "|1,|,1")]
    [InlineData("root ::= \"(\" root \")\" | \"x\"", "x|(x)|((x))", "(x|x)|()")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F600\\n\\\"\\\\\" .", "Aé😀\n\"\\z", "Aé😀\n\"\\")]
    [InlineData("root ::= [\\]\\[\\-\\\\\"]+", "][-\\\"", "a")]
    [InlineData("a-1 ::= \"z\"\r\nroot ::= a-1 a-1\r\n", "zz", "z")]
    [InlineData("root ::= [a-] [é-ü]", "aé|-ü", "bé|ab")]
    [InlineData("root ::= \"a\" (\"b\" (\"c\" |))", "ab|abc", "a")]
    public void A_grammar_matches_whole_texts(string grammar, string matches, string others)
    {
        var states = new GrammarStates(Grammar.Parse(grammar));
        foreach (var text in matches.Split('|')) states.Matches(text).ShouldBeTrue($"'{text}'");
        foreach (var text in others.Split('|')) states.Matches(text).ShouldBeFalse($"'{text}'");
    }

    [Theory]
    [InlineData("", "no rule 'root'")]
    [InlineData("start ::= \"a\"", "no rule 'root'")]
    [InlineData("root ::= other", "'other' is referred to but not defined")]
    [InlineData("root ::= root \"a\" | \"a\"", "left recursion")]
    [InlineData("root ::= a root | \"x\"\na ::= b\nb ::= \"y\" |", "left recursion")]     // llama.cpp misses this one and runs out of memory
    [InlineData("root ::= (\"a\"?)*", "left recursion")]
    [InlineData("root ::= \"a\" root", "no way out")]
    [InlineData("root ::= \"a", "not closed")]
    [InlineData("root ::= [a", "not closed")]
    [InlineData("root ::= (\"a\"", "not closed")]
    [InlineData("root ::= \"a\"{2", "not closed")]
    [InlineData("root ::= \"a\"{3,2}", "3 to 2")]
    [InlineData("root ::= \"a\"{x}", "expected is a number")]
    [InlineData("root ::= \"a\"{2001}", "llama.cpp counts to 2000")]
    [InlineData("root ::= \"a\"{99999999999999999999}", "llama.cpp counts to 2000")]
    [InlineData("root ::= (\"a\"{0,100}){100}", "10100 rules")]
    [InlineData("root ::= *", "nothing before it")]
    [InlineData("root ::= \"\"*", "nothing before it")]
    [InlineData("root ::= []", "empty")]
    [InlineData("root ::= [z-a]", "down to")]
    [InlineData("root ::= \"\\q\"", "no escape")]
    [InlineData("root ::= \"\\x0\"", "hexadecimal")]
    [InlineData("root ::= \"\\U00110000\"", "hexadecimal")]
    [InlineData("root ::= \"\\x00\"", "hexadecimal")]
    [InlineData("root ::= <[5]>", "not supported")]
    [InlineData("root ::= !<think>", "not supported")]
    [InlineData("root ::= \"a\" )", "there is ')'")]
    [InlineData("root = \"a\"", "expected is ::=")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "defined twice")]
    [InlineData("root ::= a_b", "there is '_'")]
    public void A_grammar_that_llama_cpp_would_not_take_or_survive_is_refused(string grammar, string reason) =>
        Should.Throw<PpdGrammarException>(() => Grammar.Parse(grammar)).Message.ShouldContain(reason);

    [Fact]
    public void Errors_name_line_and_column() =>
        Should.Throw<PpdGrammarException>(() => Grammar.Parse("root ::= a\na ::= \"x\" }")).Message.ShouldContain("line 2, column 11");

    [Fact]
    public void References_whose_paths_double_with_every_rule_are_refused()
    {
        var rules = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"r{i} ::= r{i + 1} \"a\" | r{i + 1} \"b\""));
        Should.Throw<PpdGrammarException>(() => Grammar.Parse($"root ::= r0\n{rules}\nr40 ::= \"c\"")).Message.ShouldContain("ways before a first character");
    }

    [Fact]
    public void Deep_groups_are_refused_before_they_fill_the_stack() =>
        Should.Throw<PpdGrammarException>(() => Grammar.Parse("root ::= " + new string('(', 100_000))).Message.ShouldContain("100 deep");

    [Fact]
    public void A_text_that_matches_in_ever_more_ways_is_given_up()
    {
        var states = new GrammarStates(Grammar.Parse("root ::= x\nx ::= \"a\" x x | \"a\" y x | \"a\"\ny ::= \"a\" y y | \"a\" x y | \"a\""));
        Should.Throw<PpdGrammarException>(() => states.Matches(new string('a', 40))).Message.ShouldContain("ambiguous");
    }

    [Fact]
    public void What_may_come_next_is_known_after_every_character()
    {
        var states = new GrammarStates(Grammar.Parse("root ::= \"key\" [0-9]{1,2} (\"!\" | \"?\")"));
        var state = states.After(states.Start, "key1")!;
        state.Complete.ShouldBeFalse();
        state.Next(states).Ranges.ToArray().ShouldBe([('!', '!'), ('0', '9'), ('?', '?')]);
        states.After(state, "x").ShouldBeNull();
        states.After(state, "2?")!.Ended.ShouldBeTrue();
    }

    [Fact]
    public void The_outlook_follows_what_is_forced_and_branches_where_little_is_left()
    {
        var states = new GrammarStates(Grammar.Parse("root ::= \"{\\\"kind\\\": \" (\"\\\"red\\\"\" | \"\\\"blue\\\"\") \", \\\"n\\\": \" [0-9]+ \"}\""));
        GrammarOutlook.From(states, states.Start, 100, 8).Select(end => (end.Text, end.Share)).ShouldBe([("{\"kind\": \"red\", \"n\": ", 0.5f), ("{\"kind\": \"blue\", \"n\": ", 0.5f)], ignoreOrder: true);
        GrammarOutlook.From(states, states.Start, 5, 8).Single().Text.ShouldBe("{\"kin");
        GrammarOutlook.From(states, states.Start, 100, 1).Single().Text.ShouldBe("{\"kind\": \"");
        GrammarOutlook.From(states, states.After(states.Start, "{\"kind\": \"red\", \"n\": ")!, 100, 8).Single().Text.ShouldBe("");
    }
}
