using System.Text.RegularExpressions;

namespace Ppd.Native;

/// <summary>Finds llama.cpp builds by file names alone; nothing is loaded here.</summary>
sealed partial class LlamaLibraryLocator(LlamaLibraryPlatform platform)
{
    public const string EnvironmentVariable = "PPD_LLAMA_LIBRARY";

    static readonly string[] LinkedBackends = ["cpu", "blas", "metal", "cuda", "vulkan"];

    /// <summary>
    /// The places to try, best first. A path or environment value that is given is the only place: falling back from it would
    /// run another library than the one asked for.
    /// </summary>
    public IReadOnlyList<LlamaLibraryPlace> Search(string? path, string? environmentPath, string applicationFolder)
    {
        if (!string.IsNullOrEmpty(path))
            return [.. Named(path)];
        if (!string.IsNullOrEmpty(environmentPath))
            return [.. Named(environmentPath)];
        return [.. Folders(applicationFolder), .. SystemNames()];
    }

    IEnumerable<LlamaLibraryPlace> Named(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? [Build(full)] : Folders(full);
    }

    IEnumerable<LlamaLibraryPlace> Folders(string root)
    {
        yield return Folder(root);
        yield return Folder(Path.Combine(root, "llama"));

        string native = Path.Combine(root, "runtimes", platform.Rid, "native");
        string? cpu = platform.CpuVariants.Select(variant => Path.Combine(native, variant)).FirstOrDefault(Directory.Exists);
        foreach (string gpu in new[] { "cuda12", "vulkan" }.Select(name => Path.Combine(native, name)).Where(Directory.Exists))
            yield return Folder(gpu, cpu ?? native);
        if (cpu is not null)
            yield return Folder(cpu);
        yield return Folder(native);
    }

    LlamaLibraryPlace Folder(string folder, string? cpuFolder = null)
    {
        if (!Directory.Exists(folder))
            return new(folder, null, "no such folder");
        string plain = Path.Combine(folder, platform.FileName("llama"));
        if (File.Exists(plain))
            return Build(plain, cpuFolder);
        if (File.Exists(plain + ".0"))
            return Build(plain + ".0", cpuFolder);

        string[] versioned = [.. Directory.EnumerateFiles(folder).Where(f => VersionedName().IsMatch(Path.GetFileName(f))).Order()];
        return versioned switch
        {
            [] => new(folder, null, $"no {platform.FileName("llama")}"),
            [string only] => Build(only, cpuFolder),
            _ => new(folder, null, $"several builds ({string.Join(", ", versioned.Select(Path.GetFileName))}); keep the files of one"),
        };
    }

    LlamaLibraryPlace Build(string llama, string? cpuFolder = null)
    {
        string folder = Path.GetDirectoryName(llama)!;
        string? ggml = Sibling(llama, "ggml");
        string? ggmlBase = Sibling(llama, "ggml-base");
        if (ggml is null || ggmlBase is null)
            return new(llama, null, $"no {platform.FileName(ggml is null ? "ggml" : "ggml-base")} beside it");
        string?[] backends = [.. LinkedBackends.Select(name => Backend(folder, name)
            ?? (name == "cpu" && cpuFolder is not null ? Backend(cpuFolder, name) : null))];
        return new(llama, new LlamaLibraryLocation(folder, llama, ggml, ggmlBase, [.. backends.OfType<string>()]), "");
    }

    /// <summary>The library <paramref name="stem"/> with the flavour and version marks of the llama file, else with its plain name.</summary>
    string? Sibling(string llama, string stem)
    {
        string folder = Path.GetDirectoryName(llama)!;
        string[] names = [Path.GetFileName(llama).Replace("llama", stem), platform.FileName(stem)];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    string? Backend(string folder, string name) =>
        new[] { platform.Extension, platform.BackendExtension }
            .Select(extension => Path.Combine(folder, $"{platform.Prefix}ggml-{name}{extension}"))
            .FirstOrDefault(File.Exists);

    /// <summary>Names for the system's own search; Linux packages without development files have only the name with the ABI number.</summary>
    IEnumerable<LlamaLibraryPlace> SystemNames()
    {
        string[] suffixes = platform.Extension == ".so" ? ["", ".0"] : [""];
        return suffixes.Select(suffix => new LlamaLibraryPlace(
            $"system libraries: {platform.FileName("llama")}{suffix}",
            new LlamaLibraryLocation(
                "", platform.FileName("llama") + suffix, platform.FileName("ggml") + suffix, platform.FileName("ggml-base") + suffix, []),
            ""));
    }

    // libllama.v0.5.0.so, libllama.cuda.v0.5.0.so, llama.vulkan.v0.4.0.dll, libllama.metal.v0.4.0.dylib
    [GeneratedRegex(@"^(lib)?llama(\.[a-z]+)?\.v[0-9.]+\.(so|dll|dylib)$")]
    private static partial Regex VersionedName();
}
