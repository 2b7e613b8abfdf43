using System.Runtime.InteropServices;
using Ppd.Drafting;
using Ppd.Native;
using Ppd.Testing;

namespace Ppd.Tests.Drafting;

/// <summary>Files that are as they should be but for one thing.</summary>
public sealed class PromptTokenRefusalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, object> _metadata = new()
    {
        ["general.architecture"] = "ppd",
        ["ppd.format_version"] = 1u,
        ["ppd.embedding_convention"] = "token_embd",
        ["ppd.mask"] = "ensemble",
        ["ppd.base_model.architecture"] = "llama",
        ["ppd.base_model.name"] = "sample",
        ["ppd.base_model.fingerprint"] = "0123456789abcdef0123456789abcdef",
        ["ppd.base_model.vocabulary_size"] = 512u,
    };
    readonly Dictionary<string, (GgmlType Type, long[] Dimensions)> _tensors = new() { ["ppd.prompt_tokens"] = (GgmlType.F32, [4, 1, 2]) };
    float _value = 0.5f;

    string File => _folder["model.ppd.gguf"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Untouched_file_is_read()
    {
        Write();
        PromptTokenFile.Read(File).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("ppd.mask", "causal", "mask rule 'causal'")]
    [InlineData("ppd.mask", "0", "mask rule '0'")]
    [InlineData("ppd.mask", null, "no ppd.mask")]
    [InlineData("ppd.format_version", 2u, "has format version 2")]
    [InlineData("ppd.format_version", null, "has format version none")]
    [InlineData("ppd.embedding_convention", "scaled", "embedding convention 'scaled'")]
    [InlineData("general.architecture", "llama", "its architecture is 'llama'")]
    [InlineData("general.architecture", null, "its architecture is 'not given'")]
    [InlineData("ppd.base_model.name", null, "no ppd.base_model.name")]
    [InlineData("ppd.base_model.name", 7u, "must be String")]
    [InlineData("ppd.base_model.fingerprint", "0123", "fingerprint '0123'")]
    [InlineData("ppd.base_model.fingerprint", "0123456789ABCDEF0123456789ABCDEF", "lower-case hexadecimal")]
    [InlineData("ppd.base_model.vocabulary_size", 0u, "vocabulary_size = 0")]
    [InlineData("ppd.base_model.vocabulary_size", uint.MaxValue, "vocabulary_size = 4294967295")]
    public void Wrong_metadata_is_refused(string key, object? value, string problem)
    {
        if (value is null)
            _metadata.Remove(key);
        else
            _metadata[key] = value;
        Refusal().ShouldContain(problem);
    }

    [Theory]
    [InlineData(17, 1, "17 prompt tokens")]
    [InlineData(1, 129, "129 ensemble members")]
    [InlineData(16, 64, "16 prompt tokens of 64 members")]
    public void Absurd_counts_are_refused(int count, int ensemble, string problem)
    {
        _tensors["ppd.prompt_tokens"] = (GgmlType.F32, [4, ensemble, count]);
        Refusal().ShouldContain(problem);
    }

    [Fact]
    public void Absurd_width_is_refused()
    {
        _tensors["ppd.prompt_tokens"] = (GgmlType.F32, [(1 << 20) + 1, 1, 1]);
        Refusal().ShouldContain("rows of 1048577 elements");
    }

    [Fact]
    public void Missing_rows_are_refused()
    {
        _tensors.Remove("ppd.prompt_tokens");
        _tensors["other"] = (GgmlType.F32, [4]);
        Refusal().ShouldContain("no tensor 'ppd.prompt_tokens'");
    }

    [Fact]
    public void Fourth_dimension_is_refused()
    {
        _tensors["ppd.prompt_tokens"] = (GgmlType.F32, [4, 1, 2, 2]);
        Refusal().ShouldContain("[4, 1, 2, 2]");
    }

    [Fact]
    public void Other_storage_types_are_refused()
    {
        _tensors["ppd.prompt_tokens"] = (GgmlType.I32, [4, 1, 2]);
        Refusal().ShouldContain("stored as I32");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Rows_that_are_no_numbers_are_refused(float value)
    {
        _value = value;
        Refusal().ShouldContain("only finite numbers are allowed");
    }

    [Theory]
    [InlineData(new[] { 0.5f, -0.125f }, "-0.125 in the accuracy table of distance 2")]
    [InlineData(new[] { 1.5f }, "1.5 in the accuracy table of distance 2")]
    [InlineData(new[] { float.NaN }, "NaN in the accuracy table of distance 2")]
    [InlineData(new[] { 0.75f, 0.5f }, "the sum 1.25")]
    [InlineData(new float[0], "0 ranks")]
    public void Impossible_accuracy_is_refused(float[] ranks, string problem)
    {
        _metadata["ppd.accuracy.1"] = new[] { 0.5f };
        _metadata["ppd.accuracy.2"] = ranks;
        Refusal().ShouldContain(problem);
    }

    [Fact]
    public void Accuracy_of_some_distances_only_is_refused()
    {
        _metadata["ppd.accuracy.1"] = new[] { 0.5f };
        Refusal().ShouldContain("1 of 2 distances");
    }

    [Theory]
    [InlineData(new[] { 0f, 0.5f, 0.5f, 1f }, new[] { 0.1f, 0.2f, 0.3f }, "do not rise from 0 to 1")]
    [InlineData(new[] { 0f, 0.5f, 0.25f, 1f }, new[] { 0.1f, 0.2f, 0.3f }, "do not rise from 0 to 1")]
    [InlineData(new[] { 0f, float.NaN, 1f }, new[] { 0.1f, 0.2f }, "do not rise from 0 to 1")]
    [InlineData(new[] { 0.1f, 1f }, new[] { 0.1f }, "do not rise from 0 to 1")]
    [InlineData(new[] { 0f, 0.9f }, new[] { 0.1f }, "do not rise from 0 to 1")]
    [InlineData(new[] { 0f, 1f }, new[] { 1.5f }, "1.5 in the calibration of distance 2")]
    [InlineData(new[] { 0f, 1f }, new[] { 0.5f, 0.5f }, "2 edges and 2 rates")]
    [InlineData(new[] { 0f }, new float[0], "1 edges and 0 rates")]
    public void Impossible_calibration_is_refused(float[] edges, float[] rates, string problem)
    {
        _metadata["ppd.calibration.1.edges"] = new[] { 0f, 1f };
        _metadata["ppd.calibration.1.rates"] = new[] { 0.5f };
        _metadata["ppd.calibration.2.edges"] = edges;
        _metadata["ppd.calibration.2.rates"] = rates;
        Refusal().ShouldContain(problem);
    }

    [Fact]
    public void Calibration_without_rates_is_refused()
    {
        _metadata["ppd.calibration.1.edges"] = _metadata["ppd.calibration.2.edges"] = new[] { 0f, 1f };
        Refusal().ShouldContain("a calibration without rates");
    }

    [Theory]
    [InlineData(new long[] { 4, 3 }, null, "'ppd.conditional.down' without 'ppd.conditional.up'")]
    [InlineData(null, new long[] { 3, 4, 2 }, "'ppd.conditional.up' without 'ppd.conditional.down'")]
    [InlineData(new long[] { 8, 3 }, new long[] { 3, 8, 2 }, "shapes [8, 3] and [3, 8, 2]")]
    [InlineData(new long[] { 4, 3 }, new long[] { 3, 4, 1 }, "shapes [4, 3] and [3, 4, 1]")]
    [InlineData(new long[] { 4, 3 }, new long[] { 2, 4, 2 }, "shapes [4, 3] and [2, 4, 2]")]
    [InlineData(new long[] { 4, 1025 }, new long[] { 1025, 4, 2 }, "1024 at most")]
    public void Conditional_part_of_other_shapes_is_refused(long[]? down, long[]? up, string problem)
    {
        if (down is not null)
            _tensors["ppd.conditional.down"] = (GgmlType.F32, down);
        if (up is not null)
            _tensors["ppd.conditional.up"] = (GgmlType.F32, up);
        Refusal().ShouldContain(problem);
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("")]
    public void Training_record_with_unusable_names_is_refused(string name) =>
        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Write(File, PromptTokenSamples.Bare with
        {
            Training = new Dictionary<string, string> { [name] = "x" },
        })).Message.ShouldContain($"an entry '{name}' in the training record");

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(300)]
    public void Truncated_file_is_refused(int missing)
    {
        Write();
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^missing]);
        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(File)).Message.ShouldContain("damaged or incomplete");
    }

    [Fact]
    public void File_of_another_kind_is_refused()
    {
        System.IO.File.WriteAllText(File, "Not Found");
        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(File)).Message.ShouldContain("is not a GGUF file");
    }

    [Fact]
    public void Absent_file_is_refused() =>
        Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(_folder["absent.ppd.gguf"])).Message.ShouldContain("cannot be opened");

    string Refusal()
    {
        Write();
        return Should.Throw<PpdPromptTokenFileException>(() => PromptTokenFile.Read(File)).Message;
    }

    void Write()
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in _metadata)
            writer.Add(key, value);
        foreach (var (name, (type, dimensions)) in _tensors)
        {
            float[] values = new float[dimensions.Aggregate(1L, (product, length) => product * length)];
            Array.Fill(values, _value);
            writer.AddTensor(name, type, dimensions, stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
        }
        writer.Write(File);
    }
}
