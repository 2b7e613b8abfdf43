using System.Buffers.Binary;

namespace Ppd.Tests.Native;

/// <summary>
/// The default parameter structs of the supported releases, written at literal offsets: a second description of the layouts,
/// which shares nothing with the one under test.
/// </summary>
static class LlamaLayoutImages
{
    public static byte[] ModelV050()
    {
        byte[] image = new byte[80];
        Put(image, 16, -1); // n_gpu_layers
        Put(image, 20, 1);  // split_mode: by layer
        Put(image, 24, -1); // load_mode: auto
        Put(image, 28, 1);  // lazy_mode: auto
        image[74] = 1;      // use_extra_bufts
        return image;
    }

    public static byte[] ContextV050()
    {
        byte[] image = new byte[160];
        Put(image, 24, 1);  // n_outputs_max_per_seq
        PutContext(image, afterCounts: 28, flags: 128);
        return image;
    }

    public static byte[] ModelLLamaSharp028()
    {
        byte[] image = new byte[72];
        Put(image, 16, -1); // n_gpu_layers
        Put(image, 20, 1);  // split_mode: by layer
        image[65] = 1;      // use_mmap
        image[69] = 1;      // use_extra_bufts
        return image;
    }

    public static byte[] ContextLLamaSharp028()
    {
        byte[] image = new byte[144];
        PutContext(image, afterCounts: 20, flags: 120);
        return image;
    }

    static void PutContext(byte[] image, int afterCounts, int flags)
    {
        Put(image, 0, 512);  // n_ctx
        Put(image, 4, 2048); // n_batch
        Put(image, 8, 512);  // n_ubatch
        Put(image, 12, 1);   // n_seq_max
        Put(image, afterCounts, 4);     // n_threads
        Put(image, afterCounts + 4, 4); // n_threads_batch
        for (int offset = afterCounts + 12; offset <= afterCounts + 24; offset += 4)
            Put(image, offset, -1);     // rope scaling, pooling, attention, flash attention: from the model
        for (int offset = afterCounts + 36; offset <= afterCounts + 48; offset += 4)
            PutFloat(image, offset, -1); // the four YaRN factors: from the model
        PutFloat(image, afterCounts + 56, -1); // defrag_thold
        Put(image, flags - 24, 1); // type_k: F16
        Put(image, flags - 20, 1); // type_v: F16
        image[flags + 1] = 1; // offload_kqv
        image[flags + 2] = 1; // no_perf
        image[flags + 3] = 1; // op_offload
        image[flags + 4] = 1; // swa_full
    }

    public static void Put(byte[] image, int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(offset), value);

    static void PutFloat(byte[] image, int offset, float value) => BinaryPrimitives.WriteSingleLittleEndian(image.AsSpan(offset), value);
}
