using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static Ppd.Native.LlamaFunctions;

namespace Ppd.Native;

/// <summary>A loaded model: weights and vocabulary, shared by contexts. The file must have passed <see cref="GgufModelCheck"/>: llama.cpp aborts the process on some files.</summary>
sealed unsafe class LlamaModel : SafeHandleZeroOrMinusOneIsInvalid
{
    LlamaModel(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>Facts about the runtime that loaded the model.</summary>
    internal LlamaLibrary Library { get; private init; } = null!;

    /// <summary>The tokeniser; valid as long as the model.</summary>
    internal LlamaVocabulary Vocabulary { get; private set; } = null!;

    /// <summary>Width of an embedding row, in floats.</summary>
    internal int EmbeddingLength { get; private set; }

    /// <summary>Tokens of context the model was trained for.</summary>
    internal int TrainedContextLength { get; private set; }

    /// <summary>Loads the weights (<c>llama_model_load_from_file</c>), memory-mapped.</summary>
    /// <param name="library">The loaded runtime.</param>
    /// <param name="path">A GGUF file.</param>
    /// <param name="gpuLayers">Layers to put on the GPU; -1 means all.</param>
    /// <param name="progress">Told the loaded fraction, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the load between tensors.</param>
    /// <param name="repackWeights">Whether the CPU backend copies weights into layouts of its kernels, if it has such for their types (<c>use_extra_bufts</c>).</param>
    /// <exception cref="PpdModelLoadException">llama.cpp refused the file; its log says why.</exception>
    internal static LlamaModel Load(LlamaLibrary library, string path, int gpuLayers, IProgress<float>? progress, CancellationToken cancellationToken,
        bool repackWeights = true)
    {
        var report = GCHandle.Alloc(new LoadReport(progress, cancellationToken));
        try
        {
            var parameters = llama_model_default_params();
            var fields = library.Layout.Model;
            parameters.Set(fields.NGpuLayers, gpuLayers);
            parameters.Set(fields.UseExtraBufts, repackWeights);
            parameters.Set(fields.ProgressCallback, (nint)(delegate* unmanaged[Cdecl]<float, nint, byte>)&OnProgress);
            parameters.Set(fields.ProgressCallbackUserData, GCHandle.ToIntPtr(report));
            nint handle;
            fixed (byte* utf8 = Encoding.UTF8.GetBytes(path + '\0')) handle = llama_model_load_from_file(utf8, parameters);
            if (handle == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new PpdModelLoadException($"llama.cpp {library.Version} could not load '{path}'. The file is a well-formed GGUF, so its architecture is " +
                    "probably newer than this llama.cpp, or memory ran out; the log lines before this error say which.");
            }
            var model = new LlamaModel(handle) { Library = library };
            model.Vocabulary = new LlamaVocabulary(model);
            model.EmbeddingLength = llama_model_n_embd(model);
            model.TrainedContextLength = llama_model_n_ctx_train(model);
            return model;
        }
        finally
        {
            report.Free();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        llama_model_free(handle);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    static byte OnProgress(float fraction, nint userData)
    {
        var report = (LoadReport)GCHandle.FromIntPtr(userData).Target!;
        try
        {
            report.Progress?.Report(fraction);
        }
        catch (Exception)
        {
            // an exception must not cross the native frame; progress is decoration
        }
        return report.CancellationToken.IsCancellationRequested ? (byte)0 : (byte)1;
    }

    sealed record LoadReport(IProgress<float>? Progress, CancellationToken CancellationToken);
}
