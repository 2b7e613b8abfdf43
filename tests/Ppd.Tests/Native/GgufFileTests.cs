using System.Runtime.InteropServices;
using System.Text;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

public sealed class GgufFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Bytes_laid_out_by_hand_are_read_as_meant(uint version)
    {
        using var file = Open(GgufBytes.Header(tensors: 2, keys: 3, version)
            .Key("answer", 42)
            .Text("words").U32(9).U32(8).U64(2).Text("alpha").Text("béta")
            .Text("on").U32(7).Raw([1])
            .Tensor("a", type: 0, offset: 0, 2, 3)
            .Tensor("b", type: 2, offset: 32, 32)
            .PadTo(32)
            .Raw(MemoryMarshal.AsBytes<float>([1, 2, 3, 4, 5, 6])).PadTo(32)
            .Raw(Enumerable.Range(0, 18).Select(i => (byte)i).ToArray()));

        file.Version.ShouldBe(version);
        file.Alignment.ShouldBe(32u);
        file.Metadata.Keys.ShouldBe(["answer", "words", "on"]);
        file.Metadata.GetRequired<uint>("answer").ShouldBe(42u);
        file.Metadata.GetRequired<bool>("on").ShouldBeTrue();
        file.Metadata.TryGetStrings("words", out var words).ShouldBeTrue();
        words!.ToArray().ShouldBe(["alpha", "béta"]);
        var a = file.Tensors["a"];
        a.Dimensions.ShouldBe([2, 3]);
        a.RowCount.ShouldBe(3);
        a.ElementCount.ShouldBe(6);
        MemoryMarshal.Cast<byte, float>(file.Row(a, 1)).ToArray().ShouldBe([3, 4]);
        var b = file.Tensors["b"];
        b.Type.ShouldBe(GgmlType.Q4_0);
        b.ByteLength.ShouldBe(18);
        file.Row(b, 0).ToArray().ShouldBe(Enumerable.Range(0, 18).Select(i => (byte)i));
    }

    [Fact]
    public void Own_alignment_moves_the_data()
    {
        using var file = Open(GgufBytes.Header(tensors: 1, keys: 1)
            .Key("general.alignment", 128)
            .Tensor("a", type: 24, offset: 0, 4)
            .PadTo(128)
            .Raw([1, 2, 3, 4]));

        file.Alignment.ShouldBe(128u);
        file.Tensors["a"].Offset.ShouldBe(128);
        file.Row(file.Tensors["a"], 0).ToArray().ShouldBe(new byte[] { 1, 2, 3, 4 });
    }

    [Fact]
    public void Missing_key_is_false_or_an_error_that_names_it()
    {
        using var file = Open(GgufBytes.Header(0, 1).Key("there", 1));

        file.Metadata.TryGet<uint>("gone", out _).ShouldBeFalse();
        file.Metadata.TryGetArray<int>("gone", out _).ShouldBeFalse();
        file.Metadata.TryGetStrings("gone", out _).ShouldBeFalse();
        file.Metadata.GetOrDefault("gone", 7u).ShouldBe(7u);
        Should.Throw<PpdModelLoadException>(() => file.Metadata.GetRequired<string>("gone")).Message
            .ShouldSatisfyAllConditions(m => m.ShouldContain("'gone'"), m => m.ShouldContain("String"));
    }

    [Fact]
    public void Key_of_another_type_is_an_error_that_names_both_types()
    {
        using var file = Open(GgufBytes.Header(0, 2).Key("number", 1).Text("list").U32(9).U32(5).U64(1).U32(3));

        Should.Throw<PpdModelLoadException>(() => file.Metadata.GetRequired<float>("number")).Message
            .ShouldSatisfyAllConditions(m => m.ShouldContain("'number'"), m => m.ShouldContain("UInt32"), m => m.ShouldContain("Float32"));
        Should.Throw<PpdModelLoadException>(() => file.Metadata.GetRequired<int>("list")).Message.ShouldContain("Int32[1]");
        Should.Throw<PpdModelLoadException>(() => file.Metadata.TryGetStrings("list", out _)).Message.ShouldContain("String[]");
    }

    [Fact]
    public void Row_outside_the_tensor_is_refused()
    {
        using var file = Open(GgufBytes.Header(1, 0).Tensor("a", 24, 0, 4, 2).PadTo(32).Zeros(8));

        Should.Throw<ArgumentOutOfRangeException>(() => file.Row(file.Tensors["a"], -1).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => file.Row(file.Tensors["a"], 2).Length);
        file.Row(file.Tensors["a"], 1).Length.ShouldBe(4);
    }

    [Fact]
    public void Disposed_file_says_so_instead_of_reading_freed_memory()
    {
        var file = Open(GgufBytes.Header(1, 2).Key("k", 1).Text("s").U32(9).U32(8).U64(1).Text("x").Tensor("a", 24, 0, 4).PadTo(32).Zeros(4));
        file.Metadata.TryGetStrings("s", out var strings).ShouldBeTrue();
        file.Dispose();
        file.Dispose();

        Should.Throw<ObjectDisposedException>(() => file.Row(file.Tensors["a"], 0).Length);
        Should.Throw<ObjectDisposedException>(() => file.Metadata.GetRequired<uint>("k"));
        Should.Throw<ObjectDisposedException>(() => strings!.ToArray());
    }

    [Fact]
    public void File_can_be_open_twice_and_in_a_plain_reader()
    {
        using var first = Open(GgufBytes.Header(0, 1).Key("k", 5));
        using var second = GgufFile.Open(first.Path);
        using var reader = new FileStream(first.Path, FileMode.Open, FileAccess.Read, FileShare.Read);

        second.Metadata.GetRequired<uint>("k").ShouldBe(5u);
        reader.Length.ShouldBe(first.Length);
    }

    [Fact]
    public void Row_past_two_gibibytes_is_read()
    {
        const long rows = 3L << 20; // of 1024 bytes: 3 GiB, sparse on disk
        string path = _folder["large.gguf"];
        byte[] header = GgufBytes.Header(1, 0).Tensor("a", 24, 0, 1024, (ulong)rows).PadTo(32).ToArray();
        using (var stream = File.Create(path))
        {
            stream.Write(header);
            stream.SetLength(header.Length + rows * 1024);
            stream.Position = stream.Length - 1;
            stream.WriteByte(99);
        }
        using var file = GgufFile.Open(path);

        file.Row(file.Tensors["a"], rows - 1)[^1].ShouldBe((byte)99);
    }

    [Fact]
    public void Strings_that_are_not_utf8_are_shown_with_the_replacement_character()
    {
        using var file = Open(GgufBytes.Header(0, 1).Text("k").U32(8).U64(2).Raw([(byte)'a', 0xFF]));

        file.Metadata.GetRequired<string>("k").ShouldBe("a�");
        Encoding.UTF8.GetByteCount(file.Metadata.GetRequired<string>("k")).ShouldBe(4);
    }

    GgufFile Open(GgufBytes bytes)
    {
        string path = _folder["test.gguf"];
        File.WriteAllBytes(path, bytes.ToArray());
        return GgufFile.Open(path);
    }
}
