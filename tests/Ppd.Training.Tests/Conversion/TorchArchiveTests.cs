using System.IO.Compression;
using System.Security.Cryptography;

namespace Ppd.Training.Tests.Conversion;

public sealed class TorchArchiveTests : IDisposable
{
    readonly CheckpointFolder _checkpoint = new CheckpointFolder().WriteConfig();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData("FloatStorage", "F32")]
    [InlineData("HalfStorage", "F16")]
    [InlineData("BFloat16Storage", "BF16")]
    public void Rows_come_across_from_every_type(string storage, string type) =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(storage: storage), CheckpointFolder.Bytes(type)).Convert().Rows.ShouldBe(CheckpointFolder.Values);

    [Fact]
    public void Pickle_of_these_tests_is_the_one_that_python_writes()
    {
        // the hash of what Python's own pickler writes for the same objects
        var hash = SHA256.HashData(Pickle.Checkpoint());
        Convert.ToHexStringLower(hash).ShouldBe("77af99f227eea67698304233cfab09acc6ccc6a23540ba50bcd86a58a3f94884");
    }

    [Fact]
    public void Tensor_may_begin_inside_its_storage()
    {
        byte[] data = [.. new byte[3 * sizeof(float)], .. CheckpointFolder.Bytes("F32")];
        _checkpoint.WriteArchive(Pickle.Checkpoint(offset: 3), data).Convert().Rows.ShouldBe(CheckpointFolder.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Tensor_outside_its_storage_is_refused(int offset) =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(offset: offset), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("its storage has 24");

    [Fact]
    public void Other_shapes_are_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(rows: 3, width: 8, rowStride: 8), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("shape [3, 8]");

    [Fact]
    public void Scattered_rows_are_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(rowStride: 1), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("strides 1, 1");

    [Fact]
    public void Other_tensors_are_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(name: "weight"), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("has the tensors 'weight'");

    [Fact]
    public void Other_storage_types_are_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(storage: "LongStorage"), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("torch.LongStorage");

    [Fact]
    public void Missing_storage_is_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(), CheckpointFolder.Bytes("F32"), storage: "1").Refusal().ShouldContain("no storage '0'");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Archive_with_another_number_of_pickles_is_refused(int pickles)
    {
        using (var archive = ZipFile.Open(_checkpoint["adapter_model.bin"], ZipArchiveMode.Create))
        {
            for (var i = 0; i < pickles; i++) archive.CreateEntry($"{i}/data.pkl");
        }
        _checkpoint.Refusal().ShouldContain("no data.pkl, or several");
    }

    [Fact]
    public void Big_endian_numbers_are_refused() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(), CheckpointFolder.Bytes("F32"), byteOrder: "big").Refusal().ShouldContain("not little-endian");

    [Fact]
    public void Functions_are_not_called()
    {
        var evil = new Pickle().Global("os", "system").Text("echo").Op('\x85').Op('R').Op('.').ToArray();
        _checkpoint.WriteArchive(evil, []).Refusal().ShouldContain("calls os.system");
    }

    [Fact]
    public void Functions_hidden_in_the_entries_are_not_called() =>
        _checkpoint.WriteArchive(Pickle.Checkpoint(function: "_rebuild_qtensor"), CheckpointFolder.Bytes("F32")).Refusal().ShouldContain("calls torch._utils._rebuild_qtensor");

    [Theory]
    [InlineData("80022e", "takes from an empty stack")]
    [InlineData("80027d", "ends early")]
    [InlineData("80024b072e", "not a dictionary")]
    [InlineData("80026805", "recalls what it never stored")]
    [InlineData("800258ffffffff", "ends early")]
    [InlineData("800258ffffff7f61", "ends early")]
    [InlineData("80026361", "ends inside a name")]
    [InlineData("80027d74", "takes from an empty stack")]
    [InlineData("80024b0151", "refers to something that is no storage")]
    [InlineData("80024b014b0252", "calls something that has no name")]
    [InlineData("80027d4b014b0273", "entries that are no tensors")]
    [InlineData("800286", "takes from an empty stack")]
    [InlineData("80025d2e", "instruction 0x5D")]
    public void Pickle_that_is_no_dictionary_of_tensors_is_refused(string program, string problem) =>
        _checkpoint.WriteArchive(Convert.FromHexString(program), []).Refusal().ShouldContain(problem);

    [Fact]
    public void Huge_pickle_is_refused() => _checkpoint.WriteArchive(new byte[(1 << 20) + 1], []).Refusal().ShouldContain("more than 1048576 bytes");

    [Fact]
    public void File_of_the_older_format_is_refused_with_the_remedy()
    {
        File.WriteAllBytes(_checkpoint["adapter_model.bin"], [0x80, 2, 0x8a, 0x0a]);
        var message = _checkpoint.Refusal();
        message.ShouldContain("no ZIP archive");
        message.ShouldContain("python -c");
    }
}
