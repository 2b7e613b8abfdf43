using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Ppd.Drafting;
using Ppd.Testing;
using Ppd.Training.Conversion;

namespace Ppd.Training.Tests.Conversion;

/// <summary>A checkpoint folder as the method's authors publish them, with parts that a test changes before writing.</summary>
sealed class CheckpointFolder : IDisposable
{
    public const int Count = 3, Ensemble = 2, Width = 4;

    public static readonly ModelShape Model = new(new BaseModel("llama", "sample", Width, 512, "0123456789abcdef0123456789abcdef"), Layers: 2, Heads: 4);

    readonly TemporaryFolder _folder = new();

    public CheckpointFolder() => Directory.CreateDirectory(Path);

    public string Path => _folder["ppd-sample"];

    public string this[string fileName] => System.IO.Path.Combine(Path, fileName);

    public JsonObject Config { get; } = new()
    {
        ["aggregation_type"] = "mean",
        ["base_model_name_or_path"] = "somebody/sample-7b",
        ["num_attention_heads"] = 4,
        ["num_exits"] = 1,
        ["num_layers"] = 2,
        ["num_special_tokens"] = Count,
        ["num_virtual_tokens"] = Count * Ensemble,
        ["prefix_virtual_tokens"] = null,
        ["prompt_tuning_init"] = "TEXT",
        ["token_dim"] = Width,
        ["use_custom_lm_head"] = false,
        ["use_prefix_tuning"] = false,
        ["virtual_tokens_per_special_token"] = Ensemble,
        ["vt_attention_type"] = "ensemble",
    };

    /// <summary>1, 2, 3, ...: exact in every type.</summary>
    public static float[] Values { get; } = [.. Enumerable.Range(1, Count * Ensemble * Width).Select(i => (float)i)];

    public static byte[] Bytes(string type) => type switch
    {
        "F32" => MemoryMarshal.AsBytes(Values.AsSpan()).ToArray(),
        "F16" => MemoryMarshal.AsBytes(Array.ConvertAll(Values, value => (Half)value).AsSpan()).ToArray(),
        "BF16" => MemoryMarshal.AsBytes(Array.ConvertAll(Values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).AsSpan()).ToArray(),
        _ => throw new ArgumentException(type),
    };

    public CheckpointFolder Set(string key, string? json)
    {
        if (json is null) Config.Remove(key);
        else Config[key] = JsonNode.Parse(json);
        return this;
    }

    public CheckpointFolder WriteConfig()
    {
        File.WriteAllText(this["adapter_config.json"], Config.ToJsonString());
        return this;
    }

    /// <summary>A file with this header, which may be nonsense, and this data.</summary>
    public CheckpointFolder WriteSafetensors(string header, byte[] data, ulong? claimedHeader = null)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, claimedHeader ?? (ulong)text.Length);
        File.WriteAllBytes(this["adapter_model.safetensors"], [.. length, .. text, .. data]);
        return this;
    }

    public CheckpointFolder WriteSafetensors(string type = "F32", string shape = "[6,4]", string name = "prompt_embeddings", string? offsets = null)
    {
        var data = Bytes(type is "F16" or "BF16" ? type : "F32");
        offsets ??= $"[0,{data.Length}]";
        return WriteSafetensors($$$"""{"__metadata__":{"format":"pt"},"{{{name}}}":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""", data);
    }

    /// <summary>An archive as torch.save writes it; the pickle may be nonsense.</summary>
    public CheckpointFolder WriteArchive(byte[] pickle, byte[] data, string storage = "0", string byteOrder = "little")
    {
        using var archive = ZipFile.Open(this["adapter_model.bin"], ZipArchiveMode.Create);
        void Add(string name, byte[] content)
        {
            using var stream = archive.CreateEntry("adapter_model/" + name, CompressionLevel.NoCompression).Open();
            stream.Write(content);
        }

        Add("data.pkl", pickle);
        Add("byteorder", Encoding.UTF8.GetBytes(byteOrder));
        Add("data/" + storage, data);
        Add("version", "3\n"u8.ToArray());
        return this;
    }

    public PromptTokens Convert() => ReferenceConverter.Convert(Path, Model);

    public string Refusal() => Should.Throw<ConversionException>(Convert).Message;

    public void Dispose() => _folder.Dispose();
}
