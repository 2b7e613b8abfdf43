using Ppd.Native;
using static Ppd.Tests.Native.LlamaLayoutImages;

namespace Ppd.Tests.Native;

public sealed class LlamaLayoutTests
{
    [Fact]
    public void Offsets_of_v050_are_those_measured_on_the_library()
    {
        LlamaLayoutModel model = LlamaLayout.V050.Model;
        (model.Size, model.Devices, model.NGpuLayers, model.SplitMode, model.LoadMode, model.LazyMode, model.MainGpu).ShouldBe((80, 0, 16, 20, (int?)24, (int?)28, 32));
        (model.TensorSplit, model.ProgressCallback, model.KvOverrides, model.VocabOnly, model.CheckTensors, model.LoadMtp).ShouldBe((40, 48, 64, 72, 73, (int?)77));
        (model.UseMmap, model.UseDirectIo, model.UseMlock).ShouldBe((null, null, null));

        LlamaLayoutContext context = LlamaLayout.V050.Context;
        (context.Size, context.NCtx, context.NBatch, context.NUbatch, context.NSeqMax).ShouldBe((160, 0, 4, 8, 12));
        (context.NOutputsMax, context.NOutputsMaxPerSeq, context.NThreads, context.NThreadsBatch).ShouldBe(((int?)20, (int?)24, 28, 32));
        (context.CtxType, context.FlashAttnType, context.RopeFreqBase, context.YarnOrigCtx, context.CbEval).ShouldBe((36, 52, 56, 80, 88));
        (context.TypeK, context.TypeV, context.AbortCallback, context.AbortCallbackData).ShouldBe((104, 108, 112, 120));
        (context.Embeddings, context.OffloadKqv, context.NoPerf, context.OpOffload, context.SwaFull, context.KvUnified).ShouldBe((128, 129, 130, 131, 132, 133));
    }

    [Fact]
    public void Offsets_of_llamasharp_028_follow_from_its_declaration()
    {
        LlamaLayoutModel model = LlamaLayout.LLamaSharp028.Model;
        (model.Size, model.NGpuLayers, model.SplitMode, model.MainGpu, model.TensorSplit, model.KvOverrides).ShouldBe((72, 16, 20, 24, 32, 56));
        (model.VocabOnly, model.UseMmap, model.UseDirectIo, model.UseMlock, model.CheckTensors, model.NoAlloc).ShouldBe((64, (int?)65, (int?)66, (int?)67, 68, 71));
        (model.LoadMode, model.LazyMode, model.LoadMtp).ShouldBe((null, null, null));

        LlamaLayoutContext context = LlamaLayout.LLamaSharp028.Context;
        (context.Size, context.NSeqMax, context.NThreads, context.NThreadsBatch, context.FlashAttnType).ShouldBe((144, 12, 20, 24, 44));
        (context.NOutputsMax, context.NOutputsMaxPerSeq).ShouldBe((null, null));
        (context.TypeK, context.AbortCallback, context.Embeddings, context.KvUnified).ShouldBe((96, 104, 120, 125));
    }

    [Fact]
    public void Defaults_of_v050_are_recognised_in_a_longer_buffer_with_rubbish_behind() =>
        LlamaLayout.Detect(Longer(ModelV050()), Longer(ContextV050()), "0.5.0").ShouldBeSameAs(LlamaLayout.V050);

    [Fact]
    public void Defaults_of_llamasharp_028_are_recognised_in_a_longer_buffer_with_rubbish_behind() =>
        LlamaLayout.Detect(Longer(ModelLLamaSharp028()), Longer(ContextLLamaSharp028()), "ggml").ShouldBeSameAs(LlamaLayout.LLamaSharp028);

    [Fact]
    public void Structs_of_two_releases_together_are_refused()
    {
        Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(Longer(ModelV050()), Longer(ContextLLamaSharp028()), "mixed"));
        Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(Longer(ModelLLamaSharp028()), Longer(ContextV050()), "mixed"));
    }

    // what the next llama.cpp may look like: fields put in or taken out anywhere
    public static TheoryData<string, int, int> Shifts => new()
    {
        { "a count added before the thread counts", 16, 4 },
        { "a count added at the front", 0, 4 },
        { "an enum added before flash attention", 52, 4 },
        { "a float added behind flash attention", 72, 4 },
        { "a pointer added before the cache types", 88, 8 },
        { "a pointer added before the flags", 112, 8 },
        { "a flag added before the flags", 128, 1 },
        { "a flag added before kv_unified", 133, 1 },
        { "a count taken out", 20, -4 },
        { "an enum taken out", 36, -4 },
        { "a callback taken out", 112, -16 },
    };

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Neighbouring_context_layout_is_refused(string change, int offset, int bytes)
    {
        byte[] shifted = Shift(Longer(ContextV050(), filler: 0), offset, bytes, fill: offset == 133 ? (byte)1 : (byte)0);

        PpdModelLoadException exception = Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(Longer(ModelV050()), shifted, "0.6.0"), change);

        exception.Message.ShouldContain("llama_context_params.");
    }

    [Theory]
    [InlineData("a pointer added at the front", 0, 8)]
    [InlineData("an enum added before load_mode", 24, 4)]
    [InlineData("load_mode taken out", 24, -4)]
    [InlineData("a flag added before use_extra_bufts", 73, 1)]
    [InlineData("check_tensors taken out", 73, -1)]
    public void Neighbouring_model_layout_is_refused(string change, int offset, int bytes)
    {
        byte[] shifted = Shift(Longer(ModelV050(), filler: 0), offset, bytes, fill: 0);

        PpdModelLoadException exception = Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(shifted, Longer(ContextV050()), "0.6.0"), change);

        exception.Message.ShouldContain("llama_model_params.");
    }

    [Fact]
    public void Truncated_struct_is_refused() =>
        Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(ModelV050(), ContextV050().AsSpan(0, 159), "0.5.0"))
            .Message.ShouldContain("llama_context_params has 159 bytes, not 160");

    [Fact]
    public void Refusal_names_what_was_found_and_what_is_supported()
    {
        byte[] context = Longer(ContextV050());
        Put(context, 28, 7);

        string message = Should.Throw<PpdModelLoadException>(() => LlamaLayout.Detect(Longer(ModelV050()), context, "0.6.1")).Message;

        message.ShouldContain("version 0.6.1");
        message.ShouldContain("llama.cpp 0.4/0.5: llama_context_params.n_threads at byte 28 is 7, not 4");
        message.ShouldContain("LLamaSharp 0.28: llama_model_params.");
        message.ShouldContain("Supported are llama.cpp 0.4.0 and 0.5.0");
        message.ShouldContain("LLamaSharp.Backend 0.28.0");
    }

    [Theory]
    [InlineData("0.5.0-dev", true)]
    [InlineData("0.4.0", true)]
    [InlineData("0.6.0", false)]
    [InlineData("ggml 0.25.1 (unknown)", false)]
    public void Only_releases_that_were_run_count_as_tested(string version, bool tested) => LlamaLayout.V050.IsTested(version).ShouldBe(tested);

    static byte[] Longer(byte[] image, byte filler = 0xCD) => [.. image, .. Enumerable.Repeat(filler, ParamBlock.Size - image.Length)];

    static byte[] Shift(byte[] image, int offset, int bytes, byte fill)
    {
        byte[] shifted = bytes > 0
            ? [.. image[..offset], .. Enumerable.Repeat(fill, bytes), .. image[offset..]]
            : [.. image[..offset], .. image[(offset - bytes)..], .. new byte[-bytes]];
        return shifted[..ParamBlock.Size];
    }
}
