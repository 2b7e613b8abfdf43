using Ppd.Native;

namespace Ppd.Tests.Native;

public sealed class RowDequantizerTests
{
    static readonly LlamaLibrary Library = LlamaLibrary.Load(null, null);

    [Fact]
    public void A_row_of_Q8_0_is_its_scale_times_its_bytes()
    {
        var row = new byte[34];
        BitConverter.TryWriteBytes(row, (Half)0.5f);
        for (var i = 0; i < 32; i++) row[2 + i] = (byte)(sbyte)(i - 16);
        var values = new float[32];
        new RowDequantizer(Library, GgmlType.Q8_0).Convert(row, values);
        values.ShouldBe(Enumerable.Range(-16, 32).Select(i => i * 0.5f));
    }

    [Fact]
    public void Every_type_of_weights_can_be_converted()
    {
        var types = GgmlTypes.All.Where(type => type.Info().IsWeight).ToList();
        types.Count.ShouldBeGreaterThan(20);
        foreach (var type in types)
        {
            var values = new float[2 * type.Info().BlockSize];
            Array.Fill(values, float.NaN);
            new RowDequantizer(Library, type).Convert(new byte[type.RowBytes(values.Length)], values);
            values.ShouldAllBe(value => float.IsFinite(value), type.ToString());
        }
    }

    [Fact]
    public void A_type_for_activations_only_is_refused() =>
        Should.Throw<PpdModelLoadException>(() => new RowDequantizer(Library, GgmlType.I32)).Message.ShouldContain("I32");
}
