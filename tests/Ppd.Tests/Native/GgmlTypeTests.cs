using Ppd.Native;

namespace Ppd.Tests.Native;

public sealed class GgmlTypeTests
{
    // Bits per weight as published for each type, computed from block size and bytes.
    [Theory]
    [InlineData(nameof(GgmlType.F32), 32)]
    [InlineData(nameof(GgmlType.BF16), 16)]
    [InlineData(nameof(GgmlType.Q8_0), 8.5)]
    [InlineData(nameof(GgmlType.Q4_0), 4.5)]
    [InlineData(nameof(GgmlType.Q4_1), 5)]
    [InlineData(nameof(GgmlType.Q5_0), 5.5)]
    [InlineData(nameof(GgmlType.Q5_1), 6)]
    [InlineData(nameof(GgmlType.Q2_K), 2.625)]
    [InlineData(nameof(GgmlType.Q3_K), 3.4375)]
    [InlineData(nameof(GgmlType.Q4_K), 4.5)]
    [InlineData(nameof(GgmlType.Q5_K), 5.5)]
    [InlineData(nameof(GgmlType.Q6_K), 6.5625)]
    [InlineData(nameof(GgmlType.IQ1_S), 1.5625)]
    [InlineData(nameof(GgmlType.IQ1_M), 1.75)]
    [InlineData(nameof(GgmlType.IQ2_XXS), 2.0625)]
    [InlineData(nameof(GgmlType.IQ2_XS), 2.3125)]
    [InlineData(nameof(GgmlType.IQ2_S), 2.5625)]
    [InlineData(nameof(GgmlType.IQ3_XXS), 3.0625)]
    [InlineData(nameof(GgmlType.IQ3_S), 3.4375)]
    [InlineData(nameof(GgmlType.IQ4_NL), 4.5)]
    [InlineData(nameof(GgmlType.IQ4_XS), 4.25)]
    [InlineData(nameof(GgmlType.TQ1_0), 1.6875)]
    [InlineData(nameof(GgmlType.TQ2_0), 2.0625)]
    [InlineData(nameof(GgmlType.MXFP4), 4.25)]
    [InlineData(nameof(GgmlType.NVFP4), 4.5)]
    public void Type_has_the_published_bits_per_weight(string type, double bits)
    {
        var info = Enum.Parse<GgmlType>(type).Info();
        (info.BlockBytes * 8.0 / info.BlockSize).ShouldBe(bits);
    }

    [Fact]
    public void Every_type_of_the_enumeration_has_a_layout() =>
        Enum.GetValues<GgmlType>().Order().ShouldBe(GgmlTypes.All.Order());

    [Theory]
    [InlineData(4u)]
    [InlineData(5u)]
    [InlineData(31u)]
    [InlineData(38u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void Removed_and_unknown_numbers_have_no_layout(uint number) => GgmlTypes.TryGet(number, out _).ShouldBeFalse();

    [Fact]
    public void Row_bytes_follow_the_blocks()
    {
        GgmlType.Q4_0.RowBytes(64).ShouldBe(36);
        GgmlType.Q6_K.RowBytes(512).ShouldBe(420);
        GgmlType.F16.RowBytes(3).ShouldBe(6);
    }
}
