using System.IO.Compression;

namespace Ppd.Training.Conversion;

/// <summary>Reads the one tensor of a file by PyTorch's torch.save since 1.6: a ZIP archive with a pickle that describes the tensors and one entry of raw numbers per storage.</summary>
static class TorchArchive
{
    const int MaxPickle = 1 << 20;  // bytes; that of one tensor has about 300

    const string Remedy = "Write it anew with PyTorch: python -c \"import torch, safetensors.torch as s; "
        + "s.save_file(torch.load('adapter_model.bin', map_location='cpu', weights_only=True), 'adapter_model.safetensors')\"";

    /// <exception cref="ConversionException">The file is damaged or of the older format, or holds something else than the tensor asked for.</exception>
    public static float[] Read(string path, int rows, int width)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Where(entry => entry.Name == "data.pkl").ToList() is not [var pickle]) throw Damaged(path, "it has no data.pkl, or several");
            var prefix = pickle.FullName[..^pickle.Name.Length];
            if (archive.GetEntry(prefix + "byteorder") is { } order && Content(path, order, 16) is var text && !text.AsSpan().SequenceEqual("little"u8))
                throw Damaged(path, "its numbers are not little-endian");
            var tensors = new TensorPickle(Content(path, pickle, MaxPickle), problem => Damaged(path, problem)).Read();
            CheckpointTensor.RequireOnly(path, [.. tensors.Keys]);
            var tensor = tensors[CheckpointTensor.PromptEmbeddings];
            new CheckpointTensor(CheckpointTensor.PromptEmbeddings, tensor.Storage.Type, tensor.Shape).RequireShape(path, rows, width);
            if (tensor.Stride is not [var rowStride, 1] || rowStride != width) throw Damaged(path, $"its rows are not one behind the other (strides {string.Join(", ", tensor.Stride)})");
            return Numbers(path, archive.GetEntry($"{prefix}data/{tensor.Storage.Key}") ?? throw Damaged(path, $"it has no storage '{tensor.Storage.Key}'"), tensor, rows * width);
        }
        catch (InvalidDataException error)
        {
            throw new ConversionException(Damaged(path, "it is no ZIP archive, or a damaged one; files of PyTorch before 1.6 are none").Message, error);
        }
    }

    static float[] Numbers(string path, ZipArchiveEntry entry, PickledTensor tensor, int count)
    {
        var (type, offset) = (tensor.Storage.Type, tensor.Offset);
        var needed = (offset + count) * type.Bytes();
        if (offset < 0 || offset > int.MaxValue / 4 || needed > entry.Length)
            throw Damaged(path, $"the tensor needs {count} numbers from number {offset} on, its storage has {entry.Length / type.Bytes()}");
        var bytes = new byte[needed];
        using var stream = entry.Open();
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Damaged(path, "its storage ends early");
        return type.ToFloats(bytes.AsSpan((int)offset * type.Bytes()));
    }

    // Reads no more than the limit, whatever the archive says about the length.
    static byte[] Content(string path, ZipArchiveEntry entry, int limit)
    {
        var bytes = new byte[limit + 1];
        using var stream = entry.Open();
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= limit ? bytes[..length] : throw Damaged(path, $"{entry.Name} has more than {limit} bytes");
    }

    static ConversionException Damaged(string path, string problem) => new($"'{path}' cannot be read: {problem}. {Remedy}");
}
