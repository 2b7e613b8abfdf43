using Ppd.Training.Demo.Corpus;
using Ppd.Training.Demo.Training;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Demo;

/// <summary>What is packed into one window must be computed as if it stood alone.</summary>
public sealed class WindowTests(DemoModelFixture fixture) : IClassFixture<DemoModelFixture>
{
    const float Noise = 1e-4f;  // of sums in another order

    static readonly EncodedText First = new([.. Enumerable.Range(300, 20)], [.. Enumerable.Range(0, 20).Select(i => i >= 8)]);
    static readonly EncodedText Second = new([.. Enumerable.Range(400, 30)], [.. Enumerable.Range(0, 30).Select(i => i >= 8)]);

    [Fact]
    public void A_conversation_sees_nothing_of_the_one_before_it()
    {
        using var scope = NewDisposeScope();
        var (ids, positions, mask, _, _) = Fill(new WindowShape(Text: 40, Groups: 0, Count: 3)).ToTensors();
        var packed = fixture.Transformer.Forward(fixture.Transformer.Embed(ids), positions, mask).narrow(1, 20, 20);
        Difference(packed, Alone(Second.Tokens[..20], null)).ShouldBeLessThan(Noise);
    }

    [Fact]
    public void A_group_of_prompt_tokens_continues_the_text_it_hangs_under()
    {
        using var scope = NewDisposeScope();
        var shape = new WindowShape(Text: 40, Groups: 4, Count: 3);
        var rows = randn(3, 64);
        var (ids, positions, mask, targets, weights) = Fill(shape).ToTensors();
        var embeddings = cat([fixture.Transformer.Embed(ids), rows.repeat(shape.Groups, 1).unsqueeze(0)], 1);
        var hidden = fixture.Transformer.Forward(embeddings, positions, mask);
        var starts = positions.data<long>().ToArray();
        var (expected, weight) = (targets.data<long>().ToArray(), weights.data<float>().ToArray());
        for (var group = 0; group < shape.Groups; group++)
        {
            var column = 40 + 3 * group;
            // the group sits one position behind its token, in the conversation whose reply the first target belongs to
            var length = (int)starts[column];
            var text = expected[column] >= 400 || (weight[column] == 0 && length > 18) ? Second.Tokens : First.Tokens;
            Difference(hidden.narrow(1, column, 3), Alone(text[..length], rows).narrow(1, length, 3)).ShouldBeLessThan(Noise);
            if (weight[column] > 0) expected[column].ShouldBe(text[length + 1]);
        }
        weight.Skip(40).Count(w => w > 0).ShouldBeGreaterThan(6);
    }

    [Fact]
    public void Tokens_the_assistant_produces_count_fully_and_others_little()
    {
        using var scope = NewDisposeScope();
        var (_, _, _, targets, weights) = Fill(new WindowShape(Text: 40, Groups: 0, Count: 3)).ToTensors();
        weights[0, 6].item<float>().ShouldBe(0.15f);
        weights[0, 7].item<float>().ShouldBe(1);        // predicts the first token of the reply
        targets[0, 7].item<long>().ShouldBe(308);
        weights[0, 19].item<float>().ShouldBe(0);       // the last token of a conversation predicts nothing
    }

    [Fact]
    public void The_reply_begins_behind_the_opening_of_the_turn_and_ends_with_its_mark()
    {
        var text = new LessonReader(fixture.Vocabulary).Read(new Conversation([new("user", "Hi"), new("assistant", "Hello!"), new("user", "Bye"), new("assistant", "Goodbye!")], []));
        var replies = text.Tokens.Zip(text.IsReply).Where(pair => pair.Second).Select(pair => fixture.Vocabulary.Tokens[pair.First]);
        string.Concat(replies).ShouldBe("Hello!<|im_end|>Goodbye!<|im_end|>");
    }

    static Window Fill(WindowShape shape)
    {
        var window = new Window(shape);
        var texts = new Queue<EncodedText>([First, Second]);
        window.Fill(texts.Dequeue, new Random(3));
        return window;
    }

    Tensor Alone(int[] tokens, Tensor? rows)
    {
        var embeddings = fixture.Transformer.Embed(tensor(Array.ConvertAll(tokens, id => (long)id)).unsqueeze(0));
        if (rows is not null) embeddings = cat([embeddings, rows.unsqueeze(0)], 1);
        return fixture.Transformer.Forward(embeddings, arange(embeddings.shape[1]));
    }

    static float Difference(Tensor a, Tensor b) => (a - b).abs().max().item<float>();
}
