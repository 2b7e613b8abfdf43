using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>Reads an open prompt-token file; everything in it is checked before it is used.</summary>
sealed class PromptTokenReader(GgufFile file)
{
    GgufMetadata Metadata => file.Metadata;

    public PromptTokens Read()
    {
        CheckKind();
        var tensor = file.Tensors.GetValueOrDefault(PromptTokenFile.RowsTensor) ?? throw Refuse($"no tensor '{PromptTokenFile.RowsTensor}'", "it holds the rows");
        long width = tensor.RowLength, ensemble = Dimension(tensor, 1), count = Dimension(tensor, 2);
        if (Dimension(tensor, 3) != 1)
            throw Refuse($"a tensor '{PromptTokenFile.RowsTensor}' of shape {tensor.Shape}", "it has the dimensions width, ensemble and count");
        PromptTokenCheck.CheckShape(width, ensemble, count, file.Path);
        var tokens = new PromptTokens
        {
            Count = (int)count,
            Ensemble = (int)ensemble,
            Rows = Values(tensor),
            Mask = Mask(),
            Model = new BaseModel(Text("ppd.base_model.architecture"), Text("ppd.base_model.name"), (int)width, VocabularySize(),
                Text("ppd.base_model.fingerprint")),
            Conditional = Conditional((int)width, (int)count),
            Accuracy = PerDistance((int)count, PromptTokenFile.AccuracyKey, "accuracy table"),
            Calibration = Calibration((int)count),
            Training = Metadata.Keys.Where(key => key.StartsWith(PromptTokenFile.TrainingPrefix, StringComparison.Ordinal))
                .ToDictionary(key => key[PromptTokenFile.TrainingPrefix.Length..], Text),
        };
        PromptTokenCheck.Check(tokens, file.Path);
        return tokens;
    }

    void CheckKind()
    {
        if (!PromptTokenFile.IsPromptTokenFile(file))
        {
            throw new PpdPromptTokenFileException(
                $"'{file.Path}' is no prompt-token file: its architecture is '{Metadata.GetOrDefault("general.architecture", "not given")}', not '{PromptTokenFile.Architecture}'. " +
                "A model was probably given in its place; prompt tokens are in files that end in .ppd.gguf and are made with `ppd-train prompt-tokens`.");
        }
        if (!Metadata.TryGet<uint>("ppd.format_version", out uint version) || version != PromptTokenFile.FormatVersion)
        {
            throw new PpdPromptTokenFileException(
                $"'{file.Path}' has format version {(version == 0 ? "none" : version)}; this program reads version {PromptTokenFile.FormatVersion}. " +
                "It was written by another release; update this program, or train the prompt tokens anew with `ppd-train prompt-tokens`.");
        }
        if (Text("ppd.embedding_convention") is var convention && convention != PromptTokenFile.Convention)
            throw Refuse($"the embedding convention '{convention}'", $"only '{PromptTokenFile.Convention}' is known");
    }

    PromptTokenMask Mask()
    {
        string name = Text("ppd.mask");
        foreach (var mask in Enum.GetValues<PromptTokenMask>())
        {
            if (PromptTokenFile.MaskName(mask) == name)
                return mask;
        }
        throw Refuse($"the mask rule '{name}'", $"allowed are {string.Join(", ", Enum.GetValues<PromptTokenMask>().Select(PromptTokenFile.MaskName))}");
    }

    int VocabularySize() =>
        Metadata.TryGet<uint>("ppd.base_model.vocabulary_size", out uint size) && size is > 0 and <= GgufVocabularyCheck.MaxTokens
            ? (int)size
            : throw Refuse($"ppd.base_model.vocabulary_size = {size}", $"it must be there, from 1 to {GgufVocabularyCheck.MaxTokens}");

    LowRank? Conditional(int width, int count)
    {
        var (down, up) = (file.Tensors.GetValueOrDefault(PromptTokenFile.DownTensor), file.Tensors.GetValueOrDefault(PromptTokenFile.UpTensor));
        if (down is null && up is null)
            return null;
        if (down is null || up is null)
            throw Refuse($"'{(down is null ? PromptTokenFile.UpTensor : PromptTokenFile.DownTensor)}' without '{(down is null ? PromptTokenFile.DownTensor : PromptTokenFile.UpTensor)}'", "the conditional part needs both");
        long rank = down.RowCount;
        if (rank > LowRank.MaxRank || down.RowLength != width || Dimension(up, 0) != rank || Dimension(up, 1) != width || Dimension(up, 2) != count)
        {
            throw Refuse($"a conditional part of shapes {down.Shape} and {up.Shape}",
                $"[{width}, rank] and [rank, {width}, {count}] are needed, with a rank of {LowRank.MaxRank} at most");
        }
        return new LowRank((int)rank, Values(down), Values(up));
    }

    CalibrationCurve[]? Calibration(int count)
    {
        var (edges, rates) = (PerDistance(count, PromptTokenFile.EdgesKey, "calibration"), PerDistance(count, PromptTokenFile.RatesKey, "calibration"));
        if (edges is null && rates is null)
            return null;
        if (edges is null || rates is null)
            throw Refuse($"a calibration without {(edges is null ? "edges" : "rates")}", "both are needed");
        return [.. edges.Zip(rates, (e, r) => new CalibrationCurve(e, r))];
    }

    // Arrays for all distances, or none.
    float[][]? PerDistance(int count, Func<int, string> key, string what)
    {
        int present = Enumerable.Range(0, count).Count(i => Metadata.Contains(key(i)));
        if (present == 0)
            return null;
        if (present != count)
            throw Refuse($"a {what} for {present} of {count} distances", "it must cover all or none");
        return [.. Enumerable.Range(0, count).Select(i => Metadata.TryGetArray<float>(key(i), out float[]? values) ? values : [])];
    }

    float[] Values(GgufTensor tensor)
    {
        if (tensor.Type != GgmlType.F32)
            throw Refuse($"tensor '{tensor.Name}' stored as {tensor.Type.Info().Name}", "only F32 is allowed");
        float[] values = new float[tensor.ElementCount];
        for (long row = 0; row < tensor.RowCount; row++)
            MemoryMarshal.Cast<byte, float>(file.Row(tensor, row)).CopyTo(values.AsSpan(checked((int)(row * tensor.RowLength))));
        return values;
    }

    string Text(string key) => Metadata.TryGet<string>(key, out string? text) ? text : throw Refuse($"no {key}", "every prompt-token file names it");

    static long Dimension(GgufTensor tensor, int index) => index < tensor.Dimensions.Count ? tensor.Dimensions[index] : 1;

    PpdPromptTokenFileException Refuse(string found, string allowed) => PromptTokenCheck.Refuse(file.Path, found, allowed);
}
