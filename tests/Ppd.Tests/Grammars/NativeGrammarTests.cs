using System.Text;
using Ppd.Chat.Schemas;
using Ppd.Grammars;
using Ppd.Native;
using Ppd.Testing;
using Ppd.Tests.Chat.Schemas;
using Ppd.Tests.Decoding;

namespace Ppd.Tests.Grammars;

/// <summary>llama.cpp takes every grammar that is written here, and means by it what our own machine does.</summary>
public sealed class NativeGrammarTests
{
    [Fact]
    public void Both_machines_accept_and_reject_the_same_texts()
    {
        var model = TestModels.Load("random");
        List<string> wrong = [];
        var texts = 0;
        foreach (var @case in SchemaCase.All)
        {
            var grammar = JsonSchemaGrammar.Compile(@case.Schema);
            var states = new GrammarStates(grammar);
            foreach (var text in @case.Accepted.Concat(@case.Rejected).Where(text => text.Length < 400))
            {
                texts++;
                if (Accepts(model, grammar, text) != states.Matches(text)) wrong.Add($"{@case.Name}: {text}");
            }
        }
        wrong.ShouldBeEmpty();
        texts.ShouldBeGreaterThan(800);
    }

    [Theory]
    [InlineData("root ::= (\"a\" | \"b\"){2,3} [^x]?", "ab|abc|aba|ax|abx|abab|")]
    [InlineData("root ::= [\\]\\[\\-\\\\\"]+ .", "]-a|]|\\\"\"|a")]
    [InlineData("# list\nroot ::= item (\",\" item)*\nitem ::= [0-9] |\n  \"-\" (\"x\" | )", "1|-|1,-,2|-x,3|,1|1,|x")]
    [InlineData("root ::= \"é\" [а-я]* \"\\U0001F600\"?", "é|éж😀|é😀ж|e")]
    public void Grammars_by_hand_mean_the_same_to_both(string grammar, string texts)
    {
        var (model, parsed) = (TestModels.Load("random"), Grammar.Parse(grammar));
        foreach (var text in texts.Split('|')) Accepts(model, parsed, text).ShouldBe(new GrammarStates(parsed).Matches(text), $"'{text}'");
    }

    // byte by byte, as the tokens of single bytes: no tokeniser has a part in it
    static bool Accepts(LlamaModel model, Grammar grammar, string text)
    {
        using var sampler = LlamaSampler.Create().Constrain(model, grammar);
        foreach (var next in Encoding.UTF8.GetBytes(text))
        {
            if (!Permits(sampler, next)) return false;
            sampler.Accept(RandomVocabulary.FirstByteId + next);
        }
        return PermitsToken(sampler, RandomVocabulary.EndId);
    }

    static bool Permits(LlamaSampler sampler, int next) => PermitsToken(sampler, RandomVocabulary.FirstByteId + next);

    static bool PermitsToken(LlamaSampler sampler, int token)
    {
        TokenData[] candidates = [new TokenData { Id = token }];
        sampler.Apply(candidates);
        return !float.IsNegativeInfinity(candidates[0].Logit);
    }
}
