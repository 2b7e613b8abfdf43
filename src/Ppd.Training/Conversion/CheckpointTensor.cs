namespace Ppd.Training.Conversion;

/// <summary>Where a checkpoint keeps one tensor, and the checks that come before a byte of it is read.</summary>
/// <param name="Name">As the checkpoint calls it.</param>
/// <param name="Type">Storage of the elements.</param>
/// <param name="Shape">Row length last, as PyTorch counts.</param>
sealed record CheckpointTensor(string Name, ElementType Type, IReadOnlyList<long> Shape)
{
    /// <summary>The one tensor of a prompt-tuning checkpoint.</summary>
    public const string PromptEmbeddings = "prompt_embeddings";

    /// <exception cref="ConversionException">The tensor has another shape.</exception>
    public void RequireShape(string path, int rows, int width)
    {
        if (Shape is [var r, var w] && r == rows && w == width) return;
        throw new ConversionException(
            $"Tensor '{Name}' of '{path}' has shape [{string.Join(", ", Shape)}]; adapter_config.json and the model call for [{rows}, {width}] (prompt tokens x members, width). " +
            "The checkpoint is of another model, or its two files do not belong together.");
    }

    /// <exception cref="ConversionException">The checkpoint has other tensors, or more than the one.</exception>
    public static void RequireOnly(string path, IReadOnlyCollection<string> names)
    {
        if (names.Count == 1 && names.First() == PromptEmbeddings) return;
        throw new ConversionException(
            $"'{path}' has the tensors {Shown(names)}; a prompt-decoding checkpoint has '{PromptEmbeddings}' alone. It is a checkpoint of another kind, which cannot be converted.");
    }

    static string Shown(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "(none)" : string.Join(", ", names.Take(5).Select(name => $"'{name}'")) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
