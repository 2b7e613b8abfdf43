namespace Ppd.Testing;

/// <summary>Real models, prompts and texts that lie beside the repository, in <c>../shared/data</c>, where there are any.</summary>
public static class SharedData
{
    static readonly string? Root = Find();

    public static bool Available => Root is not null;

    /// <summary>Reason to skip with when not <see cref="Available"/>.</summary>
    public const string Missing = "The test data in ../shared/data (seen from the repository root) is not there.";

    /// <summary>A file or folder of the data, for example <c>Path("models", "stories260K", "stories260K-f32.gguf")</c>.</summary>
    public static string Path(params string[] parts) => Root is null
        ? throw new InvalidOperationException(Missing)
        : System.IO.Path.Combine([Root, .. parts]);

    static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Ppd.SemanticKernel.sln")))
            folder = folder.Parent;
        string? parent = folder?.Parent?.FullName;
        string? data = parent is null ? null : System.IO.Path.Combine(parent, "shared", "data");
        return Directory.Exists(data) ? data : null;
    }
}
