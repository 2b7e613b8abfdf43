namespace Ppd.Tests.Native;

/// <summary>A temporary folder with empty files: the locator goes by names alone.</summary>
sealed class LlamaLibraryTestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ppd-llama-").FullName;

    public void Add(string folder, params string[] names)
    {
        Directory.CreateDirectory(At(folder));
        foreach (string name in names)
            File.WriteAllBytes(At(folder, name), []);
    }

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
