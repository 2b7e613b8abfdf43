namespace Ppd.Planning;

/// <summary>The settings that <c>ppd tune</c> found best for one model on this machine; later loads take them where options leave the choice.</summary>
/// <param name="folder">Where such files are kept.</param>
/// <param name="key">What the best settings depend on: model, library, devices, layers on a GPU; as text.</param>
sealed class ProfileFile(string folder, string key)
{
    readonly KeyedFile<MachineSettings> _file = new(folder, "profile", key);

    internal string Path => _file.Path;

    /// <summary>The settings, or why those in the file are not to be used; neither where there is no file.</summary>
    internal (MachineSettings? Settings, string? Problem) Read()
    {
        var (settings, problem) = _file.Read();
        problem ??= settings == null && File.Exists(Path) ? "it is empty" : settings?.Problem(Environment.ProcessorCount);
        return problem == null ? (settings, null) : (null, problem);
    }

    /// <summary>Returns why the file could not be written, or null.</summary>
    internal string? Write(MachineSettings settings) => _file.Write(settings);
}
