using Ppd.Native;

namespace Ppd.Tests.Native;

public sealed class LlamaLibraryLocatorTests : IDisposable
{
    static readonly LlamaLibraryPlatform LinuxAvx2 = new("linux-x64", ["avx2", "avx", "noavx"]);
    static readonly string[] Plain = ["libllama.so", "libggml.so", "libggml-base.so", "libggml-cpu.so"];

    readonly LlamaLibraryTestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Npm_layout_is_found_below_the_application()
    {
        _folder.Add("llama", "libllama.v0.5.0.so", "libggml.v0.5.0.so", "libggml-base.so", "libggml-cpu-zen4.so", "libggml-cpu-x64.so");

        LlamaLibraryLocation found = First(LinuxAvx2);

        found.Folder.ShouldBe(_folder.At("llama"));
        found.Llama.ShouldBe(_folder.At("llama", "libllama.v0.5.0.so"));
        found.Ggml.ShouldBe(_folder.At("llama", "libggml.v0.5.0.so"));
        found.GgmlBase.ShouldBe(_folder.At("llama", "libggml-base.so"));
        found.Backends.ShouldBeEmpty("ggml chooses among the CPU variants itself");
    }

    [Theory]
    [InlineData("linux-x64", "libllama.cuda.v0.5.0.so", "libggml.cuda.v0.5.0.so", "libggml-base.so", "libggml-cuda.so")]
    [InlineData("win-x64", "llama.vulkan.v0.4.0.dll", "ggml.vulkan.v0.4.0.dll", "ggml-base.dll", "ggml-vulkan.dll")]
    [InlineData("osx-arm64", "libllama.metal.v0.4.0.dylib", "libggml.metal.v0.4.0.dylib", "libggml-base.dylib", "libggml-metal.so")]
    [InlineData("win-arm64", "llama.v0.4.0.dll", "ggml.v0.4.0.dll", "ggml-base.dll", "ggml-cpu.dll")]
    public void Npm_layout_of_every_platform_is_found_with_its_backend(string rid, string llama, string ggml, string ggmlBase, string backend)
    {
        _folder.Add("llama", llama, ggml, ggmlBase, backend);

        LlamaLibraryLocation found = First(new(rid, []));

        found.Llama.ShouldBe(_folder.At("llama", llama));
        found.Ggml.ShouldBe(_folder.At("llama", ggml));
        found.GgmlBase.ShouldBe(_folder.At("llama", ggmlBase));
        found.Backends.ShouldBe([_folder.At("llama", backend)]);
    }

    [Theory]
    [InlineData("avx512,avx2,avx,noavx", "avx512")]
    [InlineData("avx2,avx,noavx", "avx2")]
    [InlineData("avx,noavx", "avx")]
    [InlineData("noavx", "noavx")]
    public void LLamaSharp_layout_gives_the_best_build_this_cpu_can_run(string variants, string expected)
    {
        foreach (string variant in new[] { "noavx", "avx", "avx2", "avx512" })
            _folder.Add($"runtimes/linux-x64/native/{variant}", Plain);

        LlamaLibraryLocation found = First(new("linux-x64", variants.Split(',')));

        found.Llama.ShouldBe(_folder.At("runtimes", "linux-x64", "native", expected, "libllama.so"));
        found.Backends.ShouldBe([_folder.At("runtimes", "linux-x64", "native", expected, "libggml-cpu.so")]);
    }

    [Fact]
    public void LLamaSharp_cuda_build_comes_first_with_the_cpu_backend_of_the_cpu_build()
    {
        _folder.Add("runtimes/linux-x64/native/avx2", Plain);
        _folder.Add("runtimes/linux-x64/native/cuda12", "libllama.so", "libggml.so", "libggml-base.so", "libggml-cuda.so");
        string native = _folder.At("runtimes", "linux-x64", "native");

        LlamaLibraryLocation[] found = Found(LinuxAvx2);

        found.Select(location => location.Folder).ShouldBe(
            [Path.Combine(native, "cuda12"), Path.Combine(native, "avx2"), "", ""], ignoreOrder: false);
        found[0].Backends.ShouldBe([Path.Combine(native, "avx2", "libggml-cpu.so"), Path.Combine(native, "cuda12", "libggml-cuda.so")]);
    }

    [Fact]
    public void LLamaSharp_layout_without_cpu_variants_is_found_in_native_itself()
    {
        _folder.Add("runtimes/osx-arm64/native", "libllama.dylib", "libggml.dylib", "libggml-base.dylib",
            "libggml-cpu.dylib", "libggml-blas.dylib", "libggml-metal.dylib");
        string native = _folder.At("runtimes", "osx-arm64", "native");

        LlamaLibraryLocation found = First(new("osx-arm64", []));

        found.Llama.ShouldBe(Path.Combine(native, "libllama.dylib"));
        found.Backends.ShouldBe(new[] { "cpu", "blas", "metal" }.Select(name => Path.Combine(native, $"libggml-{name}.dylib")));
    }

    [Fact]
    public void Builds_for_other_platforms_are_passed_by()
    {
        _folder.Add("runtimes/linux-musl-x64/native/avx2", Plain);

        Found(LinuxAvx2).Select(location => location.Folder).ShouldBe(["", ""], "the system libraries only");
    }

    [Fact]
    public void Argument_is_the_only_place_even_with_an_environment_value_and_an_application_build()
    {
        _folder.Add("mine", Plain);
        _folder.Add("environment", Plain);
        _folder.Add("application/llama", Plain);

        var places = new LlamaLibraryLocator(LinuxAvx2).Search(_folder.At("mine"), _folder.At("environment"), _folder.At("application"));

        Locations(places).Select(location => location.Folder).ShouldBe([_folder.At("mine")]);
        places.ShouldAllBe(place => place.Path.StartsWith(_folder.At("mine")));
    }

    [Fact]
    public void Environment_value_is_the_only_place_even_with_an_application_build()
    {
        _folder.Add("environment", Plain);
        _folder.Add("application/llama", Plain);

        var places = new LlamaLibraryLocator(LinuxAvx2).Search(null, _folder.At("environment"), _folder.At("application"));

        Locations(places).Select(location => location.Folder).ShouldBe([_folder.At("environment")]);
    }

    [Fact]
    public void Application_folder_comes_before_the_system()
    {
        _folder.Add("llama", Plain);

        Found(LinuxAvx2).Select(location => location.Llama).ShouldBe(
            [_folder.At("llama", "libllama.so"), "libllama.so", "libllama.so.0"], ignoreOrder: false);
    }

    [Fact]
    public void File_can_be_named_whatever_it_is_called()
    {
        _folder.Add("mine", "my-llama-build.so", "libggml.so", "libggml-base.so");

        var places = new LlamaLibraryLocator(LinuxAvx2).Search(_folder.At("mine", "my-llama-build.so"), null, _folder.Root);
        LlamaLibraryLocation found = Locations(places).ShouldHaveSingleItem();

        found.Llama.ShouldBe(_folder.At("mine", "my-llama-build.so"));
        found.Ggml.ShouldBe(_folder.At("mine", "libggml.so"));
    }

    [Fact]
    public void Build_without_ggml_is_refused_naming_what_is_missing()
    {
        _folder.Add("mine", "libllama.so", "libggml-base.so");

        var places = new LlamaLibraryLocator(LinuxAvx2).Search(_folder.At("mine"), null, _folder.Root);

        Locations(places).ShouldBeEmpty();
        places[0].Reason.ShouldBe("no libggml.so beside it");
    }

    [Fact]
    public void Two_builds_in_one_folder_are_refused_naming_both()
    {
        _folder.Add("llama", "libllama.v0.5.0.so", "libllama.cuda.v0.5.0.so", "libggml.v0.5.0.so", "libggml.cuda.v0.5.0.so", "libggml-base.so");

        var places = new LlamaLibraryLocator(LinuxAvx2).Search(null, null, _folder.Root);

        LlamaLibraryPlace place = places.Single(candidate => candidate.Path == _folder.At("llama"));
        place.Location.ShouldBeNull();
        place.Reason.ShouldBe("several builds (libllama.cuda.v0.5.0.so, libllama.v0.5.0.so); keep the files of one");
    }

    [Fact]
    public void Absent_folders_are_listed_with_the_reason()
    {
        var places = new LlamaLibraryLocator(LinuxAvx2).Search(_folder.At("nowhere"), null, _folder.Root);

        places.Select(place => (place.Path, place.Reason)).ShouldBe(
        [
            (_folder.At("nowhere"), "no such folder"),
            (_folder.At("nowhere", "llama"), "no such folder"),
            (_folder.At("nowhere", "runtimes", "linux-x64", "native"), "no such folder"),
        ]);
    }

    LlamaLibraryLocation First(LlamaLibraryPlatform platform) => Found(platform)[0];

    LlamaLibraryLocation[] Found(LlamaLibraryPlatform platform) =>
        Locations(new LlamaLibraryLocator(platform).Search(null, null, _folder.Root));

    static LlamaLibraryLocation[] Locations(IEnumerable<LlamaLibraryPlace> places) =>
        [.. places.Select(place => place.Location).OfType<LlamaLibraryLocation>()];
}
