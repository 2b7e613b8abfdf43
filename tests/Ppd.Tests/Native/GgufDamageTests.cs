using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Native;

/// <summary>Every way in which a file can be no valid GGUF file, and what the message says about it.</summary>
public sealed class GgufDamageTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly Dictionary<string, (Func<GgufBytes> Bytes, string[] Said)> Cases = new()
    {
        ["other format"] = (() => new GgufBytes().Raw("PK\x3\x4 and more text"u8), ["not a GGUF file", "50 4B 03 04"]),
        ["shorter than its magic number"] = (() => new GgufBytes().Raw("GG"u8), ["ends inside the magic number"]),
        ["version 1"] = (() => GgufBytes.Header(0, 0, version: 1), ["version 1", "convert"]),
        ["version 4"] = (() => GgufBytes.Header(0, 0, version: 4), ["version 4", "2 and 3"]),
        ["version 0"] = (() => GgufBytes.Header(0, 0, version: 0), ["version 0"]),
        ["big-endian"] = (() => GgufBytes.Header(0, 0, version: 0x03000000), ["big-endian"]),
        ["ends in the header"] = (() => new GgufBytes().Raw("GGUF"u8).U32(3).U32(1), ["ends inside the tensor count"]),
        ["giant key count"] = (() => GgufBytes.Header(0, ulong.MaxValue), ["18446744073709551615 metadata keys", "at most 32768"]),
        ["more keys than bytes"] = (() => GgufBytes.Header(0, 1000), ["1000 metadata keys", "cannot fit"]),
        ["giant tensor count"] = (() => GgufBytes.Header(1UL << 40, 0), ["tensors", "at most 32768"]),
        ["more tensors than bytes"] = (() => GgufBytes.Header(1000, 0).Zeros(100), ["1000 tensors", "cannot fit"]),
        ["key longer than the file"] = (() => GgufBytes.Header(0, 1).U64(1000).Zeros(20), ["metadata key 0", "1000 bytes are needed"]),
        ["key of a terabyte"] = (() => GgufBytes.Header(0, 1).U64(1UL << 40).Zeros(20), ["metadata key 0", "1099511627776 bytes"]),
        ["key longer than 65535"] = (() => GgufBytes.Header(0, 1).U64(70000).Zeros(80000), ["metadata key 0", "at most 65535"]),
        ["empty key"] = (() => GgufBytes.Header(0, 1).Text("").U32(4).U32(1).Zeros(8), ["metadata key 0 is empty"]),
        ["NUL in a key"] = (() => GgufBytes.Header(0, 1).Key("a\0b", 1), ["metadata key 0", "0x00"]),
        ["key twice"] = (() => GgufBytes.Header(0, 2).Key("same", 1).Key("same", 2), ["'same' occurs twice"]),
        ["unknown value type"] = (() => GgufBytes.Header(0, 1).Text("k").U32(13).U32(0), ["'k'", "unknown value type 13"]),
        ["array of arrays"] = (() => GgufBytes.Header(0, 1).Text("k").U32(9).U32(9).U64(1).U32(4).U64(0), ["'k'", "array of arrays"]),
        ["array longer than the file"] = (() => GgufBytes.Header(0, 1).Text("k").U32(9).U32(4).U64(100).Zeros(99), ["'k'", "100 elements", "cannot fit"]),
        ["array count that overflows"] = (() => GgufBytes.Header(0, 1).Text("k").U32(9).U32(10).U64(1UL << 61).Zeros(8), ["'k'", "cannot fit"]),
        ["string array longer than the file"] = (() => GgufBytes.Header(0, 1).Text("k").U32(9).U32(8).U64(3).Text("a").Text("b").Zeros(7), ["'k'", "ends inside"]),
        ["string value longer than the file"] = (() => GgufBytes.Header(0, 1).Text("k").U32(8).U64(500).Zeros(10), ["'k'", "500 bytes are needed"]),
        ["alignment of another type"] = (() => GgufBytes.Header(0, 1).Text("general.alignment").U32(10).U64(32), ["'general.alignment'", "UInt64", "UInt32"]),
        ["alignment 0"] = (() => GgufBytes.Header(0, 1).Key("general.alignment", 0), ["general.alignment is 0", "power of two"]),
        ["alignment 48"] = (() => GgufBytes.Header(0, 1).Key("general.alignment", 48), ["general.alignment is 48", "power of two"]),
        ["split"] = (() => GgufBytes.Header(0, 1).Text("split.count").U32(2).Raw([4, 0]).Zeros(8), ["one of 4 parts", "llama-gguf-split --merge"]),
        ["tensor name of 64 bytes"] = (() => OneTensor(new string('n', 64), 0, 0, 4), ["tensor 0", "64 bytes long", "at most 63"]),
        ["empty tensor name"] = (() => OneTensor("", 0, 0, 4), ["name of tensor 0 is empty"]),
        ["tensor twice"] = (() => GgufBytes.Header(2, 0).Tensor("t", 0, 0, 4).Tensor("t", 0, 32, 4).PadTo(32).Zeros(64), ["'t' occurs twice"]),
        ["no dimensions"] = (() => OneTensor("t", 0, 0), ["'t'", "0 dimensions"]),
        ["five dimensions"] = (() => OneTensor("t", 0, 0, 1, 1, 1, 1, 1), ["'t'", "5 dimensions"]),
        ["zero dimension"] = (() => OneTensor("t", 0, 0, 4, 0), ["dimension 1 of tensor 't' is 0"]),
        ["negative dimension"] = (() => OneTensor("t", 0, 0, ulong.MaxValue), ["dimension 0 of tensor 't'"]),
        ["dimensions that overflow"] = (() => OneTensor("t", 0, 0, 1UL << 31, 1UL << 31, 1UL << 31), ["of tensor 't'", "rules out"]),
        ["unknown tensor type"] = (() => OneTensor("t", 99, 0, 4), ["'t'", "type number 99"]),
        ["removed tensor type"] = (() => OneTensor("t", 31, 0, 32), ["'t'", "type number 31"]),
        ["row that is no multiple of the block"] = (() => OneTensor("t", 2, 0, 33), ["'t'", "33 elements", "Q4_0", "multiple of 32"]),
        ["tensor data that is cut off"] = (() => OneTensor("t", 0, 0, 24), ["'t'", "occupies bytes"]),
        ["tensor larger than the file"] = (() => OneTensor("t", 0, 0, 512), ["'t'", "would have 2048 bytes"]),
        ["tensor away from its place"] = (() => OneTensor("t", 0, 32, 4), ["'t'", "offset 32, expected 0"]),
        ["overlapping tensors"] = (() => GgufBytes.Header(2, 0).Tensor("t", 0, 0, 16).Tensor("u", 0, 32, 4).PadTo(32).Zeros(96), ["'u'", "offset 32, expected 64"]),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Damaged_file_is_refused_with_its_reason(string name)
    {
        string path = _folder["damaged.gguf"];
        File.WriteAllBytes(path, Cases[name].Bytes().ToArray());

        string message = Should.Throw<PpdModelLoadException>(() => GgufFile.Open(path)).Message;

        message.ShouldContain(path);
        Cases[name].Said.ShouldAllBe(part => message.Contains(part), message);
    }

    [Fact]
    public void Missing_empty_and_unreadable_paths_are_refused()
    {
        Should.Throw<PpdModelLoadException>(() => GgufFile.Open(_folder["gone.gguf"])).Message.ShouldContain("gone.gguf");
        Should.Throw<PpdModelLoadException>(() => GgufFile.Open(_folder["."])).Message.ShouldContain("cannot be opened");
        File.WriteAllBytes(_folder["empty.gguf"], []);
        Should.Throw<PpdModelLoadException>(() => GgufFile.Open(_folder["empty.gguf"])).Message.ShouldContain("is empty");
        Should.Throw<ArgumentException>(() => GgufFile.Open(" "));
    }

    [Fact]
    public void Refused_file_is_closed_again()
    {
        string path = _folder["damaged.gguf"];
        File.WriteAllBytes(path, GgufBytes.Header(0, 0, version: 9).ToArray());
        Should.Throw<PpdModelLoadException>(() => GgufFile.Open(path));

        // Exclusive access fails while anything in this process holds the file.
        using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        exclusive.Length.ShouldBe(24);
    }

    static GgufBytes OneTensor(string name, uint type, ulong offset, params ulong[] dimensions) =>
        GgufBytes.Header(1, 0).Tensor(name, type, offset, dimensions).PadTo(32).Zeros(64);
}
