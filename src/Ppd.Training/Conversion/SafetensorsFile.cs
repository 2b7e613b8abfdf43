using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Ppd.Training.Conversion;

/// <summary>
/// Reads the one tensor of a safetensors file: 8 bytes header length, a JSON header that maps names to dtype, shape and byte range, then the data.
/// Every number is checked against the file length before it is used.
/// </summary>
static class SafetensorsFile
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    const int MaxHeader = 1 << 20;  // bytes; the header of one tensor has about 100

    /// <exception cref="ConversionException">The file is damaged, or holds something else than the tensor asked for.</exception>
    public static float[] Read(string path, int rows, int width)
    {
        using var stream = File.OpenRead(path);
        using var header = Header(path, stream);
        var dataStart = stream.Position;
        var entries = header.RootElement.EnumerateObject().Where(entry => !entry.NameEquals("__metadata__")).ToList();
        CheckpointTensor.RequireOnly(path, [.. entries.Select(entry => entry.Name)]);
        var (tensor, begin, end) = Entry(path, entries[0]);
        tensor.RequireShape(path, rows, width);
        var bytes = (long)rows * width * tensor.Type.Bytes();
        if (begin < 0 || end - begin != bytes || end > stream.Length - dataStart)
        {
            throw Damaged(path, $"tensor '{tensor.Name}' is said to be at bytes {begin} to {end} of {stream.Length - dataStart}, its shape and type {tensor.Type} need {bytes}");
        }
        var data = new byte[bytes];
        stream.Position = dataStart + begin;
        stream.ReadExactly(data);
        return tensor.Type.ToFloats(data);
    }

    static JsonDocument Header(string path, FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8) throw Damaged(path, $"it has {stream.Length} bytes, fewer than the length of its header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeader || (long)length > stream.Length - 8)
            throw Damaged(path, $"its header is said to have {length} bytes; at most {Math.Min(MaxHeader, stream.Length - 8)} are possible");
        var text = new byte[length];
        stream.ReadExactly(text);
        try
        {
            var header = JsonDocument.Parse(StrictUtf8.GetString(text), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (header.RootElement.ValueKind == JsonValueKind.Object) return header;
            header.Dispose();
            throw Damaged(path, "its header is not a JSON object");
        }
        // the latter two: bytes that are no UTF-8, and half a surrogate pair in a name
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new ConversionException(Damaged(path, "its header is not valid JSON").Message, error);
        }
    }

    static (CheckpointTensor Tensor, long Begin, long End) Entry(string path, JsonProperty entry)
    {
        try
        {
            var type = entry.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => ElementType.F32,
                "F16" => ElementType.F16,
                "BF16" => ElementType.BF16,
                var other => throw new ConversionException($"Tensor '{entry.Name}' of '{path}' is stored as {other}; F32, F16 and BF16 can be converted."),
            };
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToList();
            var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToList();
            return offsets is [var begin, var end]
                ? (new CheckpointTensor(entry.Name, type, shape), begin, end)
                : throw Damaged(path, $"tensor '{entry.Name}' has {offsets.Count} data offsets, 2 are needed");
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ConversionException(Damaged(path, $"the header entry of tensor '{entry.Name}' is not what the format calls for").Message, error);
        }
    }

    static ConversionException Damaged(string path, string problem) =>
        new($"'{path}' is not a usable safetensors file: {problem}. It is damaged or incomplete; get it again. A short text file is often a Git LFS pointer or a download that failed.");
}
