using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

/// <summary>The random model is a measuring tool for other tests, so it is tested itself.</summary>
public sealed class RandomModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RandomWeightType.F32, true)]
    [InlineData(RandomWeightType.F16, false)]
    [InlineData(RandomWeightType.BF16, true)]
    public void Model_passes_the_check_with_the_shape_asked_for(RandomWeightType type, bool tied)
    {
        using var file = Write(new RandomModelOptions
        {
            Layers = 3, EmbeddingLength = 96, Heads = 6, KvHeads = 2, FeedForwardLength = 160, VocabularySize = 700, ContextLength = 128,
            WeightType = type, TiedOutput = tied, ChatTemplate = "template",
        });
        var info = GgufModelCheck.Check(file);

        info.BlockCount.ShouldBe(3);
        info.EmbeddingLength.ShouldBe(96);
        info.HeadCount.ShouldBe(6);
        info.HeadCountKv.ShouldBe(2);
        info.VocabularySize.ShouldBe(700);
        info.ContextLength.ShouldBe(128);
        info.WeightType.ShouldBe((GgmlType)type);
        info.ChatTemplate.ShouldBe("template");
        file.Tensors.ContainsKey("output.weight").ShouldBe(!tied);
        file.Tensors["blk.2.ffn_down.weight"].Dimensions.ShouldBe([160, 96]);
        file.Tensors["blk.2.attn_k.weight"].Dimensions.ShouldBe([96, 32]);
    }

    [Fact]
    public void Seed_decides_every_byte()
    {
        byte[] Bytes(int seed)
        {
            using var file = Write(new RandomModelOptions { Seed = seed });
            return File.ReadAllBytes(file.Path);
        }

        byte[] first = Bytes(7);
        Bytes(7).ShouldBe(first);
        Bytes(8).ShouldNotBe(first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Output_weights_give_logits_a_deviation_of_three(bool tied)
    {
        using var file = Write(new RandomModelOptions { EmbeddingLength = 256, VocabularySize = 2000, TiedOutput = tied });
        var output = file.Tensors[tied ? "token_embd.weight" : "output.weight"];
        float[] logits = new float[2000];
        // A row of unit elements, as normalisation leaves it.
        float[] row = [.. Enumerable.Range(0, 256).Select(i => i % 2 == 0 ? 1f : -1f)];
        for (int token = 0; token < logits.Length; token++)
            logits[token] = TensorPrimitives.Dot(row, MemoryMarshal.Cast<byte, float>(file.Row(output, token)));

        TensorPrimitives.StdDev<float>(logits).ShouldBe(3, tolerance: 0.2);
        TensorPrimitives.Average<float>(logits).ShouldBe(0, tolerance: 0.3);
    }

    [Fact]
    public void Narrow_types_hold_the_same_numbers_rounded()
    {
        float[] Row(RandomWeightType type, Func<byte[], float[]> decode)
        {
            using var file = Write(new RandomModelOptions { WeightType = type });
            return decode(file.Row(file.Tensors["blk.1.ffn_up.weight"], 5).ToArray());
        }

        float[] exact = Row(RandomWeightType.F32, bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        float[] half = Row(RandomWeightType.F16, bytes => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)]);
        float[] brain = Row(RandomWeightType.BF16, bytes =>
            [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(value => BitConverter.UInt32BitsToSingle((uint)value << 16))]);

        half.ShouldBe([.. exact.Select(value => (float)(Half)value)]);
        brain.Zip(exact).ShouldAllBe(pair => MathF.Abs(pair.First - pair.Second) <= MathF.Abs(pair.Second) / 256);
        brain.ShouldNotBe(exact);
    }

    [Fact]
    public void Other_types_go_through_the_hook_row_by_row()
    {
        var rowLengths = new HashSet<int>();
        using var file = Write(new RandomModelOptions
        {
            EmbeddingLength = 64, FeedForwardLength = 96, WeightType = RandomWeightType.Q8_0,
            Quantise = (type, values, rowLength) =>
            {
                type.ShouldBe(RandomWeightType.Q8_0);
                rowLengths.Add(rowLength);
                return new byte[values.Length / 32 * 34];
            },
        });

        rowLengths.Order().ShouldBe([64, 96]);
        GgufModelCheck.Check(file).WeightType.ShouldBe(GgmlType.Q8_0);
    }

    [Fact]
    public void Other_types_need_the_hook() =>
        Should.Throw<ArgumentException>(() => Write(new RandomModelOptions { WeightType = RandomWeightType.Q8_0 })).Message.ShouldContain("Quantise");

    [Fact]
    public void Vocabulary_has_distinct_tokens_and_its_special_ones_in_place()
    {
        var vocabulary = new RandomVocabulary(1000, seed: 3);

        vocabulary.Tokens.Distinct().Count().ShouldBe(1000);
        vocabulary.Tokens[RandomVocabulary.FirstByteId + 0x0A].ShouldBe("<0x0A>");
        vocabulary.Tokens[RandomVocabulary.MessageStartId].ShouldBe("<|im_start|>");
        vocabulary.Tokens[RandomVocabulary.MessageEndId].ShouldBe("<|im_end|>");
        vocabulary.Tokens[RandomVocabulary.ToolCallId].ShouldBe("<tool_call>");
        vocabulary.Types[RandomVocabulary.MessageEndId].ShouldBe(3);
        vocabulary.Types[RandomVocabulary.ToolCallId].ShouldBe(4);
        new RandomVocabulary(RandomVocabulary.MinSize, 1).Tokens.Length.ShouldBe(RandomVocabulary.MinSize);
        Should.Throw<ArgumentOutOfRangeException>(() => new RandomVocabulary(RandomVocabulary.MinSize - 1, 1));
    }

    GgufFile Write(RandomModelOptions options)
    {
        RandomModel.Write(_folder["random.gguf"], options);
        return GgufFile.Open(_folder["random.gguf"]);
    }
}
