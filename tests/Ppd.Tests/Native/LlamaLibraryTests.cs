using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Tests.Native;

/// <summary>On the library the build put beside these tests; without it they fail.</summary>
public sealed class LlamaLibraryTests
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void LogCallback(int level, [MarshalAs(UnmanagedType.LPUTF8Str)] string text, nint userData);

    [Fact]
    public void Load_finds_the_release_this_repository_pins()
    {
        LlamaLibrary library = LlamaLibrary.Load(null, null);

        library.Version.ShouldMatch(@"^0\.[45]\.0"); // Linux packages carry 0.5, the others 0.4
        library.Layout.IsTested(library.Version).ShouldBeTrue();
        library.Layout.ShouldBeSameAs(LlamaLayout.V050);
        library.Folder.ShouldBe(Path.Combine(AppContext.BaseDirectory, "llama"));
        library.SystemInfo.ShouldContain("CPU");
    }

    [Fact]
    public void Load_finds_a_cpu_device_with_memory()
    {
        LlamaLibraryDevice cpu = LlamaLibrary.Load(null, null).Devices.Where(device => device.Type == LlamaDeviceType.Cpu).ShouldHaveSingleItem();

        cpu.Name.ShouldBe("CPU");
        cpu.Description.ShouldNotBeEmpty();
        cpu.TotalMemory.ShouldBeGreaterThan(64L << 20);
    }

    [Fact]
    public void Load_again_from_any_thread_gives_the_same_library()
    {
        LlamaLibrary[] loaded = new LlamaLibrary[8];
        Parallel.For(0, loaded.Length, i => loaded[i] = LlamaLibrary.Load(null, null));

        loaded.Distinct().ShouldHaveSingleItem();
        LlamaLibrary.Load(loaded[0].Folder, null).ShouldBeSameAs(loaded[0], "the same place named explicitly");
        LlamaLibrary.Load(loaded[0].Location.Llama, null).ShouldBeSameAs(loaded[0], "the same file named explicitly");
    }

    [Fact]
    public void Load_of_another_library_throws_naming_both()
    {
        LlamaLibrary loaded = LlamaLibrary.Load(null, null);
        using LlamaLibraryTestFolder other = new();
        other.Add("", "libllama.so", "libggml.so", "libggml-base.so");

        string message = Should.Throw<PpdModelLoadException>(() => LlamaLibrary.Load(other.Root, null)).Message;

        message.ShouldContain(loaded.Location.Llama);
        message.ShouldContain(other.Root);
    }

    [Fact]
    public void Default_parameters_are_where_the_layout_says()
    {
        using LlamaLibraryHandles handles = LlamaLibraryHandles.Open(LlamaLibrary.Load(null, null).Location, _ => { });
        ParamBlock context = handles.ReadDefaults("llama_context_default_params");

        context.Get<uint>(LlamaLayout.V050.Context.NBatch).ShouldBe(2048u);
        context.Get<int>(LlamaLayout.V050.Context.FlashAttnType).ShouldBe(-1);
        context.Get<byte>(LlamaLayout.V050.Context.NoPerf).ShouldBe((byte)1);
    }

    [Fact]
    public void Library_that_is_not_loadable_is_reported_with_the_loaders_reason()
    {
        using LlamaLibraryTestFolder folder = new();
        folder.Add("", "libllama.so", "libggml.so", "libggml-base.so");
        LlamaLibraryLocation location = new(folder.Root, folder.At("libllama.so"), folder.At("libggml.so"), folder.At("libggml-base.so"), []);

        Exception exception = Should.Throw<Exception>(() => LlamaLibraryHandles.Open(location, _ => { }));

        (exception is DllNotFoundException or BadImageFormatException).ShouldBeTrue();
        string reason = LlamaLibraryHandles.Reason(exception);
        reason.ShouldContain(folder.At("libggml-base.so"));
        reason.ShouldNotContain('\n');
        reason.ShouldNotContain("LD_DEBUG");
    }

    [Fact]
    public void Not_found_lists_every_place_and_what_to_do()
    {
        string message = LlamaLibraryErrors.NotFound("/a", null, ["/a/llama: no such folder", "/a/runtimes: no such folder"]);

        message.ShouldContain("at the given path /a");
        message.ShouldContain("  /a/llama: no such folder\n  /a/runtimes: no such folder\n");
        message.ShouldContain("LlamaRuntime=npm");
        message.ShouldContain("LLamaSharp.Backend.Cpu 0.28.0");
        message.ShouldContain("PPD_LLAMA_LIBRARY");
    }

    [Fact]
    public void Log_callback_survives_a_logger_that_throws()
    {
        LlamaLibraryTestLogger logger = new() { Failure = new InvalidOperationException("full disk") };
        LogCallback callback = Marshal.GetDelegateForFunctionPointer<LogCallback>(LlamaLibraryLog.Callback);
        var before = LlamaLibraryLog.Sink;
        LlamaLibraryLog.Sink = logger;
        try
        {
            callback(4, "grüße\n", 0);
        }
        finally
        {
            LlamaLibraryLog.Sink = before;
        }

        logger.Entries.ShouldContain(entry => entry.Text == "grüße");
    }
}
