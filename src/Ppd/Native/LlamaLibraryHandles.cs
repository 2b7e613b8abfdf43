using System.Runtime.InteropServices;

namespace Ppd.Native;

/// <summary>
/// A build opened but not yet bound: its functions are called through exports here, so a library that turns out unsupported can
/// be closed again, which is impossible once an imported function has been called.
/// </summary>
sealed unsafe class LlamaLibraryHandles : IDisposable
{
    readonly List<nint> _handles = []; // in loading order

    LlamaLibraryHandles() { }

    public nint Llama { get; private set; }

    public nint Ggml { get; private set; }

    public nint GgmlBase { get; private set; }

    /// <summary>
    /// Opens the libraries by full path in dependency order, so that each finds the ones before it already loaded wherever they lie.
    /// A backend that does not load is only noted: ggml runs without it unless it is linked to it, and then opening ggml fails.
    /// </summary>
    /// <exception cref="DllNotFoundException">A library is missing, or something it needs is.</exception>
    /// <exception cref="BadImageFormatException">A library is for another platform.</exception>
    public static LlamaLibraryHandles Open(LlamaLibraryLocation location, Action<string> note)
    {
        LlamaLibraryHandles handles = new();
        try
        {
            handles.GgmlBase = handles.Add(location.GgmlBase);
            foreach (string backend in location.Backends)
            {
                try
                {
                    handles.Add(backend);
                }
                catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
                {
                    note($"The backend {backend} is not used: {Reason(exception)}");
                }
            }
            handles.Ggml = handles.Add(location.Ggml);
            handles.Llama = handles.Add(location.Llama);
            return handles;
        }
        catch
        {
            handles.Dispose();
            throw;
        }
    }

    /// <summary>The loader's message without the general advice .NET puts around it.</summary>
    public static string Reason(Exception exception)
    {
        string[] lines = exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.Contains(": ")) ?? lines[0];
    }

    /// <summary><c>0.5.0-dev</c>; before llama.cpp numbered its releases, <c>ggml 0.9.1 (commit)</c>.</summary>
    public string ReadVersion() =>
        NativeLibrary.TryGetExport(Llama, "llama_version", out _)
            ? ReadString(Llama, "llama_version")
            : $"ggml {ReadString(GgmlBase, "ggml_version")} ({ReadString(GgmlBase, "ggml_commit")})";

    public ParamBlock ReadDefaults(string function) =>
        ((delegate* unmanaged[Cdecl]<ParamBlock>)NativeLibrary.GetExport(Llama, function))();

    /// <summary>Sends the log of llama and ggml to <paramref name="callback"/>, a <c>ggml_log_callback</c>.</summary>
    public void SetLog(nint callback) =>
        ((delegate* unmanaged[Cdecl]<nint, nint, void>)NativeLibrary.GetExport(Llama, "llama_log_set"))(callback, 0);

    /// <summary>
    /// Lets ggml load the best backend of each kind from <paramref name="folder"/>, unless it has them linked in: asking a linked
    /// build as well could register one twice.
    /// </summary>
    /// <returns>The number of devices.</returns>
    public int LoadBackends(string folder)
    {
        if (DeviceCount() == 0)
        {
            // null: ggml's own search, for libraries that the system found
            nint path = folder.Length == 0 ? 0 : Marshal.StringToCoTaskMemUTF8(folder);
            ((delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(Ggml, "ggml_backend_load_all_from_path"))(path);
            Marshal.FreeCoTaskMem(path);
        }
        return DeviceCount();
    }

    public void Dispose()
    {
        foreach (nint handle in _handles.AsEnumerable().Reverse())
            NativeLibrary.Free(handle);
        _handles.Clear();
    }

    int DeviceCount() => (int)((delegate* unmanaged[Cdecl]<nuint>)NativeLibrary.GetExport(Ggml, "ggml_backend_dev_count"))();

    static string ReadString(nint library, string function) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, function))()) ?? "";

    nint Add(string path)
    {
        nint handle = NativeLibrary.Load(path);
        _handles.Add(handle);
        return handle;
    }
}
