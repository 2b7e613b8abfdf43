using System.Runtime.InteropServices;
using TorchSharp;

namespace Ppd.Training.Native;

/// <summary>libtorch could not be loaded; the message says what is missing and what to do.</summary>
sealed class TorchLoadException(string message, Exception? cause = null) : PpdException(message, cause!);

/// <summary>Makes libtorch usable. Must run before anything touches TorchSharp's types.</summary>
static partial class TorchRuntime
{
    static readonly Lock Gate = new();
    static bool _ready;

    /// <summary>Loads libtorch and sets its thread count.</summary>
    /// <param name="threads">Threads of one operation; null leaves all processors.</param>
    /// <exception cref="TorchLoadException">There is no libtorch for this platform, or the system's libraries are too old for it.</exception>
    public static void Load(int? threads = null)
    {
        lock (Gate)
        {
            if (!_ready)
            {
                // libgomp's idle threads spin for longer than a step takes: with any other load on the machine a step becomes several
                // times slower. It reads the variable once, when it is loaded, and from C's environment, which .NET's does not change.
                if (!OperatingSystem.IsWindows()) SetEnvironmentVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);
                if (OperatingSystem.IsLinux()) LoadOnLinux(FindLibrary());
                _ready = true;
            }
            try
            {
                if (threads is { } count) torch.set_num_threads(count);
                else _ = torch.get_num_threads();
            }
            catch (Exception error) when (error is NotSupportedException or TypeInitializationException or DllNotFoundException)
            {
                _ready = false;
                throw new TorchLoadException($"libtorch could not be loaded: {error.GetBaseException().Message} Builds exist for linux-x64, win-x64 and osx-arm64; " +
                    "this one has the libraries of the machine it was built on. Build on this machine, or with -p:RuntimeIdentifier for it.", error);
            }
        }
    }

    static void LoadOnLinux(string? path)
    {
        if (path is null) return;   // TorchSharp may know another place; its own error follows if not
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error) when (error.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            Relax(path, error);
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error)
        {
            throw new TorchLoadException($"'{path}' could not be loaded: {error.Message.Split('\n')[0]} Remove the build output and build again.", error);
        }
    }

    /// <summary>
    /// TorchSharp's library is built with a newer compiler than the C++ library of some distributions has (Debian 12). It demands a symbol
    /// version that nothing in it uses; the demand is made weak, which is what a rebuild on the older system would leave out.
    /// </summary>
    static void Relax(string path, DllNotFoundException error)
    {
        var file = File.ReadAllBytes(path);
        var unused = ElfVersionNeeds.Read(file).FindAll(need => !need.Used && !need.Weak && error.Message.Contains(need.Name, StringComparison.Ordinal));
        if (unused.Count == 0)
        {
            throw new TorchLoadException($"The C++ library of this system is too old for libtorch: {error.Message.Split('\n')[0]} " +
                "Install a libstdc++ of GCC 13 or newer, or train on a newer system.", error);
        }
        foreach (var need in unused) ElfVersionNeeds.MakeWeak(file, need);
        try
        {
            // not in place: the file may be a link into the package folder, or in use by another process
            var changed = path + $".{Environment.ProcessId}";
            File.WriteAllBytes(changed, file);
            File.Move(changed, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TorchLoadException($"'{path}' demands {unused[0].Name}, which it does not use and this system does not have. Lifting that demand needs " +
                $"permission to write to the file: {failure.Message} Run once with that permission, or install a libstdc++ of GCC 13 or newer.", failure);
        }
    }

    static string? FindLibrary()
    {
        const string Name = "libLibTorchSharp.so";
        var folder = AppContext.BaseDirectory;
        string[] places = [Path.Combine(folder, Name), Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", Name),
            Path.Combine(folder, "runtimes", "linux-x64", "native", Name)];
        return Array.Find(places, File.Exists);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
