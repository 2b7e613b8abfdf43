using System.Runtime.InteropServices;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

public sealed class GgufWriterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_scalar_type_comes_back()
    {
        using var file = Written(new GgufWriter()
            .Add("u8", (byte)200).Add("i8", (sbyte)-100).Add("u16", (ushort)60000).Add("i16", (short)-30000)
            .Add("u32", 4000000000u).Add("i32", -2000000000).Add("f32", 1.5f).Add("bool", true)
            .Add("text", "grüße\0日本").Add("u64", ulong.MaxValue).Add("i64", long.MinValue).Add("f64", Math.PI));

        file.Metadata.GetRequired<byte>("u8").ShouldBe((byte)200);
        file.Metadata.GetRequired<sbyte>("i8").ShouldBe((sbyte)-100);
        file.Metadata.GetRequired<ushort>("u16").ShouldBe((ushort)60000);
        file.Metadata.GetRequired<short>("i16").ShouldBe((short)-30000);
        file.Metadata.GetRequired<uint>("u32").ShouldBe(4000000000u);
        file.Metadata.GetRequired<int>("i32").ShouldBe(-2000000000);
        file.Metadata.GetRequired<float>("f32").ShouldBe(1.5f);
        file.Metadata.GetRequired<bool>("bool").ShouldBeTrue();
        file.Metadata.GetRequired<string>("text").ShouldBe("grüße\0日本");
        file.Metadata.GetRequired<ulong>("u64").ShouldBe(ulong.MaxValue);
        file.Metadata.GetRequired<long>("i64").ShouldBe(long.MinValue);
        file.Metadata.GetRequired<double>("f64").ShouldBe(Math.PI);
    }

    [Fact]
    public void Arrays_of_every_element_type_come_back()
    {
        using var file = Written(new GgufWriter()
            .Add("u8", new byte[] { 1, 255 }).Add("i8", new sbyte[] { -1, 127 }).Add("u16", new ushort[] { 1, 2 }).Add("i16", new short[] { -1, 2 })
            .Add("u32", new uint[] { 7 }).Add("i32", new[] { -7, 8, 9 }).Add("f32", new[] { 0.5f, -1 }).Add("bool", new[] { true, false, true })
            .Add("text", new[] { "", "ä", "xyz" }).Add("u64", new ulong[] { 1 }).Add("i64", new long[] { -1 }).Add("f64", new[] { 2.5 })
            .Add("none", Array.Empty<int>()));

        Values<byte>(file, "u8").ShouldBe(new byte[] { 1, 255 });
        Values<sbyte>(file, "i8").ShouldBe(new sbyte[] { -1, 127 });
        Values<ushort>(file, "u16").ShouldBe(new ushort[] { 1, 2 });
        Values<short>(file, "i16").ShouldBe(new short[] { -1, 2 });
        Values<uint>(file, "u32").ShouldBe(new uint[] { 7 });
        Values<int>(file, "i32").ShouldBe([-7, 8, 9]);
        Values<float>(file, "f32").ShouldBe([0.5f, -1]);
        Values<bool>(file, "bool").ShouldBe([true, false, true]);
        Values<ulong>(file, "u64").ShouldBe(new ulong[] { 1 });
        Values<long>(file, "i64").ShouldBe(new long[] { -1 });
        Values<double>(file, "f64").ShouldBe([2.5]);
        Values<int>(file, "none").ShouldBeEmpty();
        file.Metadata.TryGetStrings("text", out var texts).ShouldBeTrue();
        texts!.ToArray().ShouldBe(["", "ä", "xyz"]);
    }

    [Fact]
    public void Tensors_come_back_aligned_and_whole()
    {
        float[] a = [.. Enumerable.Range(0, 15).Select(i => i * 0.25f)];
        byte[] b = [.. Enumerable.Range(0, 34 * 2).Select(i => (byte)i)];
        using var file = Written(new GgufWriter()
            .AddTensor("a", GgmlType.F32, [5, 3], stream => stream.Write(MemoryMarshal.AsBytes(a.AsSpan())))
            .AddTensor("b", GgmlType.Q8_0, [32, 1, 2], stream => stream.Write(b)));

        file.Version.ShouldBe(3u);
        file.Tensors["a"].Offset.ShouldSatisfyAllConditions(o => (o % 32).ShouldBe(0));
        (file.Tensors["b"].Offset - file.Tensors["a"].Offset).ShouldBe(64);
        MemoryMarshal.Cast<byte, float>(file.Row(file.Tensors["a"], 2)).ToArray().ShouldBe(a[10..]);
        file.Row(file.Tensors["b"], 1).ToArray().ShouldBe(b[34..]);
        (file.Length % 32).ShouldBe(0);
    }

    [Fact]
    public void Tensor_that_writes_too_little_leaves_no_file()
    {
        string path = _folder["short.gguf"];
        var writer = new GgufWriter().AddTensor("a", GgmlType.F32, [4], stream => stream.Write(new byte[12]));

        Should.Throw<InvalidOperationException>(() => writer.Write(path)).Message.ShouldContain("wrote 12 bytes, its shape needs 16");
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void File_that_is_in_use_is_left_alone()
    {
        string path = _folder["used.gguf"];
        File.WriteAllText(path, "precious");
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
            Should.Throw<IOException>(() => new GgufWriter().Write(path));

        File.ReadAllText(path).ShouldBe("precious");
    }

    [Fact]
    public void What_no_reader_would_accept_is_refused_while_declaring()
    {
        var writer = new GgufWriter().Add("k", 1).AddTensor("t", GgmlType.F32, [1], _ => { });

        Should.Throw<ArgumentException>(() => writer.Add("k", 2)).Message.ShouldContain("'k'");
        Should.Throw<ArgumentException>(() => writer.Add("general.alignment", 64u)).Message.ShouldContain("32");
        Should.Throw<NotSupportedException>(() => writer.Add("d", 1m)).Message.ShouldContain("Decimal");
        Should.Throw<NotSupportedException>(() => writer.Add("e", DayOfWeek.Friday)).Message.ShouldContain("DayOfWeek");
        Should.Throw<ArgumentException>(() => writer.AddTensor("t", GgmlType.F32, [1], _ => { })).Message.ShouldContain("'t'");
        Should.Throw<ArgumentException>(() => writer.AddTensor(new string('n', 64), GgmlType.F32, [1], _ => { })).Message.ShouldContain("63");
        Should.Throw<ArgumentException>(() => writer.AddTensor("u", GgmlType.Q4_K, [128], _ => { })).Message.ShouldContain("256");
        Should.Throw<ArgumentException>(() => writer.AddTensor("v", GgmlType.F32, [2, 0], _ => { })).Message.ShouldContain("[2, 0]");
    }

    GgufFile Written(GgufWriter writer)
    {
        writer.Write(_folder["written.gguf"]);
        return GgufFile.Open(_folder["written.gguf"]);
    }

    static T[] Values<T>(GgufFile file, string key) where T : unmanaged
    {
        file.Metadata.TryGetArray<T>(key, out var values).ShouldBeTrue();
        return values!;
    }
}
