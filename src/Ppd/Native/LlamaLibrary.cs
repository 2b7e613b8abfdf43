using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Ppd.Native;

/// <summary>
/// llama.cpp, loaded once per process. Every <c>LibraryImport</c> of this assembly that names "llama", "ggml" or "ggml-base"
/// goes to the library loaded here.
/// </summary>
sealed unsafe class LlamaLibrary
{
    static readonly Lock Gate = new();
    static LlamaLibrary? _loaded;

    readonly LlamaLibraryHandles _handles;

    LlamaLibrary(LlamaLibraryHandles handles, LlamaLibraryLocation location, string version, LlamaLayout layout)
    {
        _handles = handles;
        Location = location;
        Version = version;
        Layout = layout;
    }

    public LlamaLibraryLocation Location { get; }

    /// <summary>Where the llama library lies; empty when the system found it by name.</summary>
    public string Folder => Location.Folder;

    /// <summary><c>0.5.0</c> or <c>0.5.0-dev</c>, or ggml's version and commit for a llama.cpp that has no version function.</summary>
    public string Version { get; }

    public LlamaLayout Layout { get; }

    public IReadOnlyList<LlamaLibraryDevice> Devices { get; private set; } = [];

    /// <summary>The instruction sets and build options in use, as llama.cpp prints them.</summary>
    public string SystemInfo { get; private set; } = "";

    /// <summary>
    /// Loads llama.cpp, or returns the library that is loaded already.
    /// </summary>
    /// <param name="path">File or folder; null looks at PPD_LLAMA_LIBRARY, the application folder and the system, in that order.</param>
    /// <param name="logger">Receives llama.cpp's log from now on; null leaves the log where it goes.</param>
    /// <exception cref="PpdModelLoadException">Nothing found, an unsupported release, or another library is loaded already.</exception>
    public static LlamaLibrary Load(string? path, ILogger? logger)
    {
        lock (Gate)
        {
            if (logger is not null)
                LlamaLibraryLog.Sink = logger;
            if (_loaded is not null)
            {
                ThrowIfOther(_loaded, path);
                return _loaded;
            }
            string? environmentPath = Environment.GetEnvironmentVariable(LlamaLibraryLocator.EnvironmentVariable);
            LlamaLibrary library = Open(path, environmentPath, AppContext.BaseDirectory);
            Bind(library);
            return library;
        }
    }

    static LlamaLibrary Open(string? path, string? environmentPath, string applicationFolder)
    {
        if (!Environment.Is64BitProcess)
            throw new PpdModelLoadException(LlamaLibraryErrors.Not64Bit);
        List<string> tried = [];
        LlamaLibraryLocator locator = new(LlamaLibraryPlatform.Current);
        foreach (LlamaLibraryPlace place in locator.Search(path, environmentPath, applicationFolder))
        {
            if (place.Location is not { } location)
            {
                tried.Add($"{place.Path}: {place.Reason}");
                continue;
            }
            try
            {
                return Check(LlamaLibraryHandles.Open(location, note => LlamaLibraryLog.Sink.LogWarning("{Note}", note)), location);
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                string reason = LlamaLibraryHandles.Reason(exception);
                tried.Add($"{place.Path}: {reason}");
                LlamaLibraryLog.Sink.LogInformation("llama.cpp at {Path} was passed over: {Reason}", place.Path, reason);
            }
        }
        throw new PpdModelLoadException(LlamaLibraryErrors.NotFound(path, environmentPath, tried));
    }

    static LlamaLibrary Check(LlamaLibraryHandles handles, LlamaLibraryLocation location)
    {
        try
        {
            string version = handles.ReadVersion();
            ParamBlock model = handles.ReadDefaults("llama_model_default_params");
            ParamBlock context = handles.ReadDefaults("llama_context_default_params");
            LlamaLayout layout = LlamaLayout.Detect(model.Bytes, context.Bytes, version);
            if (!layout.IsTested(version))
            {
                LlamaLibraryLog.Sink.LogWarning("llama.cpp {Version} has the structs of {Layout} but is not a release this was tested with.",
                    version, layout.Name);
            }
            handles.SetLog(LlamaLibraryLog.Callback);
            if (handles.LoadBackends(location.Folder) == 0)
                throw new PpdModelLoadException(LlamaLibraryErrors.NoBackend(location));
            return new(handles, location, version, layout);
        }
        catch (EntryPointNotFoundException exception)
        {
            handles.Dispose();
            throw new PpdModelLoadException(LlamaLibraryErrors.MissingFunction(location, exception.Message), exception);
        }
        catch
        {
            handles.Dispose();
            throw;
        }
    }

    static void Bind(LlamaLibrary library)
    {
        _loaded = library;
        NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);
        LlamaLibraryFunctions.llama_backend_init();
        library.Devices = LlamaLibraryDevice.ReadAll();
        library.SystemInfo = Marshal.PtrToStringUTF8((nint)LlamaLibraryFunctions.llama_print_system_info()) ?? "";
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        "llama" => _loaded!._handles.Llama,
        "ggml" => _loaded!._handles.Ggml,
        "ggml-base" => _loaded!._handles.GgmlBase,
        _ => 0,
    };

    static void ThrowIfOther(LlamaLibrary loaded, string? path)
    {
        if (string.IsNullOrEmpty(path))
            return;
        var places = new LlamaLibraryLocator(LlamaLibraryPlatform.Current).Search(path, null, AppContext.BaseDirectory);
        if (!places.Any(place => place.Location?.Llama == loaded.Location.Llama))
            throw new PpdModelLoadException(LlamaLibraryErrors.OtherLoaded(loaded.Location, path));
    }
}
