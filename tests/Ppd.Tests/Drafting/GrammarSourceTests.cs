using System.Text;
using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Decoding;
using Ppd.Drafting;
using Ppd.Grammars;
using Ppd.Native;

namespace Ppd.Tests.Drafting;

/// <summary>With the byte-pair tokeniser of the default model.</summary>
public sealed class GrammarSourceTests
{
    static readonly Lazy<LlamaModel> Default = new(() => LlamaModel.Load(LlamaLibrary.Load(null, null), PpdModelOptions.DefaultModelPath, gpuLayers: 0, null, default));

    static LlamaVocabulary Vocabulary => Default.Value.Vocabulary;

    [Fact]
    public void What_is_forced_is_guessed_in_the_tokens_of_the_tokeniser()
    {
        var (_, tree) = Propose("""{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"]}""", "", maxDepth: 20);
        Chain(tree).ShouldBe("{\"name\": \"");
        Tokens("{\"name\": \"T")[..(tree.Count - 1)].ShouldBe(Enumerable.Range(1, tree.Count - 1).Select(tree.Token));
        Enumerable.Range(1, tree.Count - 1).ShouldAllBe(node => tree.Kind(node) == DraftKind.Grammar && tree.Prior(node) > 0.9f);
        tree.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Inside_free_text_nothing_is_guessed_and_after_it_what_comes_next()
    {
        const string Schema = """{"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"]}""";
        Propose(Schema, "{\"name\": \"An", 20).Tree.Count.ShouldBe(1);
        Chain(Propose(Schema, "{\"name\": \"An\"", 20).Tree).ShouldBe(", \"age\": ");
    }

    [Fact]
    public void The_guess_that_completes_the_text_ends_the_reply_and_no_other()
    {
        var (_, tree) = Propose("""{"type": "object", "properties": {"a": {"enum": ["red", "green"]}}, "required": ["a"]}""", "{\"a\": \"", 20);
        var leaves = Leaves(tree).ToList();
        leaves.Select(leaf => Text(tree, leaf)).ShouldBe(["red\"}", "green\"}"], ignoreOrder: true);
        leaves.ShouldAllBe(leaf => tree.Ends(leaf));
        Enumerable.Range(1, tree.Count - 1).Except(leaves).ShouldAllBe(node => !tree.Ends(node));
        tree.Count.ShouldBeGreaterThan(leaves.Count + 1);
    }

    [Fact]
    public void Few_alternatives_are_guessed_side_by_side()
    {
        var (_, tree) = Propose("""{"type": "object", "properties": {"colour": {"enum": ["red", "green", "blue"]}, "n": {"type": "integer"}}, "required": ["colour", "n"]}""", "{\"colour\": \"", 20);
        var paths = Leaves(tree).Select(leaf => Text(tree, leaf)).ToList();
        foreach (var value in new[] { "red", "green", "blue" }) paths.ShouldContain($"{value}\", \"n\": ");
        Enumerable.Range(1, tree.Count - 1).Where(node => tree.Parent(node) == 0).Sum(tree.Prior).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Guesses_go_no_deeper_than_allowed()
    {
        var (_, tree) = Propose("""{"type": "object", "properties": {"a_rather_long_name": {"type": "boolean"}}, "required": ["a_rather_long_name"]}""", "", maxDepth: 2);
        Enumerable.Range(1, tree.Count - 1).Max(tree.Depth).ShouldBe(2);
    }

    [Fact]
    public void What_others_guess_is_removed_where_the_grammar_forbids_it_and_continued_where_it_allows_it()
    {
        var source = Source("""{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a", "b"]}""", "{\"a\": \"");
        var tree = Root();
        var (good, bad) = (Tokens("x\"")[0], Tokens("\n")[0]);
        tree.Add(0, bad, 0.5f, DraftKind.NGram);
        tree.Add(tree.Add(0, bad, 0.5f, DraftKind.NGram), good, 0.5f, DraftKind.NGram);
        var kept = tree.Add(0, good, 0.4f, DraftKind.NGram);
        tree.Add(tree.Add(kept, Tokens("\"")[0], 0.9f, DraftKind.NGram), bad, 0.5f, DraftKind.PromptToken);
        source.Propose(tree, 20);
        tree.Find(0, bad).ShouldBe(-1);
        var quote = tree.Find(tree.Find(0, good), Tokens("\"")[0]);
        quote.ShouldBeGreaterThan(0);
        tree.Kind(quote).ShouldBe(DraftKind.NGram);
        tree.Find(quote, bad).ShouldBe(-1);
        Leaves(tree).Select(leaf => Text(tree, leaf)).ShouldContain("x\", \"b\": ");
    }

    [Fact]
    public void Every_guess_is_one_that_the_grammar_allows()
    {
        var checkedNodes = 0;
        foreach (var @case in Chat.Schemas.SchemaCase.All)
        {
            var grammar = JsonSchemaGrammar.Compile(@case.Schema);
            var tree = Root();
            var source = new GrammarSource(Vocabulary, new GrammarConstraint(grammar));
            source.Observe([1]);
            source.Propose(tree, 24);
            var states = new GrammarStates(grammar);
            for (var node = 1; node < tree.Count; node++, checkedNodes++) states.After(states.Start, Text(tree, node).TrimEnd('\uFFFD')).ShouldNotBeNull($"{@case.Name}: {Text(tree, node)}");     // a token may end inside a character
        }
        checkedNodes.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Control_tokens_are_no_text_unless_the_format_has_them()
    {
        var marker = Vocabulary.SpecialTokens.First(special => Vocabulary.Piece(special.Id).IsEmpty && !Vocabulary.EndsGeneration(special.Id));
        var grammar = Grammar.Parse($"root ::= {Gbnf.Literal(marker.Text)} \"!\"");
        Guesses(new GrammarConstraint(grammar)).ShouldNotContain(marker.Id);
        Guesses(new GrammarConstraint(grammar) { Markers = [marker.Text] }).ShouldContain(marker.Id);

        IEnumerable<int> Guesses(GrammarConstraint constraint)
        {
            var (source, tree) = (new GrammarSource(Vocabulary, constraint), Root());
            source.Observe([1]);
            source.Propose(tree, 8);
            return Enumerable.Range(1, tree.Count - 1).Select(tree.Token);
        }
    }

    static (GrammarSource Source, TokenTree Tree) Propose(string schema, string reply, int maxDepth)
    {
        var (source, tree) = (Source(schema, reply), Root());
        source.Propose(tree, maxDepth);
        return (source, tree);
    }

    static GrammarSource Source(string schema, string reply)
    {
        using var json = JsonDocument.Parse(schema);
        var source = new GrammarSource(Vocabulary, new GrammarConstraint(JsonSchemaGrammar.Compile(json.RootElement)));
        source.Observe([1, 2, 3]);      // the prompt
        source.Observe([.. Tokens(reply)]);
        return source;
    }

    static TokenTree Root()
    {
        var tree = new TokenTree();
        tree.Reset(1);
        return tree;
    }

    static int[] Tokens(string text)
    {
        List<int> tokens = [];
        Vocabulary.Tokenize(text, parseSpecial: false, tokens);
        return [.. tokens];
    }

    static IEnumerable<int> Leaves(TokenTree tree) => Enumerable.Range(1, tree.Count - 1).Where(node => tree.FirstChild(node) < 0);

    static string Chain(TokenTree tree) => Text(tree, Leaves(tree).Single());

    static string Text(TokenTree tree, int node)
    {
        List<byte> bytes = [];
        for (; node > 0; node = tree.Parent(node)) bytes.InsertRange(0, Vocabulary.Piece(tree.Token(node)));
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
