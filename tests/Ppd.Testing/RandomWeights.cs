using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Ppd.Testing;

/// <summary>
/// Writes matrices of uniform random numbers. An element depends on the seed, the tensor name and its index alone, so any
/// vector width and chunk size gives the same file.
/// </summary>
sealed class RandomWeights(RandomModelOptions options)
{
    const int ChunkElements = 1 << 18;

    /// <summary>Rows with mean 0 and the given standard deviation, in the model's weight type.</summary>
    public void WriteMatrix(Stream stream, string name, int rowLength, int rows, float deviation)
    {
        uint seed = Seed(name);
        int chunkRows = Math.Max(1, ChunkElements / rowLength);
        float[] values = new float[Math.Min(chunkRows, rows) * rowLength];
        for (int row = 0; row < rows; row += chunkRows)
        {
            int count = Math.Min(chunkRows, rows - row) * rowLength;
            if (values.Length != count)
                values = new float[count];
            Fill(values, seed, (uint)row * (uint)rowLength, deviation);
            stream.Write(Pack(values, rowLength));
        }
    }

    /// <summary>Values around <paramref name="mean"/>, in F32: the weights of a norm.</summary>
    public void WriteNorm(Stream stream, string name, int length, float mean = 1) => WriteVector(stream, name, length, mean, deviation: 0.05f * mean);

    /// <summary>Values around 0, in F32.</summary>
    public void WriteBias(Stream stream, string name, int length) => WriteVector(stream, name, length, mean: 0, deviation: 0.3f);

    void WriteVector(Stream stream, string name, int length, float mean, float deviation)
    {
        float[] values = new float[length];
        Fill(values, Seed(name), 0, deviation);
        TensorPrimitives.Add(values, mean, values);
        stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    ReadOnlySpan<byte> Pack(float[] values, int rowLength)
    {
        switch (options.WeightType)
        {
            case RandomWeightType.F32:
                return MemoryMarshal.AsBytes(values.AsSpan());
            case RandomWeightType.F16:
                var halves = new Half[values.Length];
                TensorPrimitives.ConvertToHalf(values, halves);
                return MemoryMarshal.AsBytes(halves.AsSpan());
            case RandomWeightType.BF16:
                return MemoryMarshal.AsBytes(Array.ConvertAll(values, BrainFloat).AsSpan());
            default:
                if (options.Quantise is null)
                    throw new ArgumentException($"{options.WeightType} needs RandomModelOptions.Quantise; F32, F16 and BF16 do not.");
                return options.Quantise(options.WeightType, values, rowLength);
        }
    }

    // Round to nearest even; the values here are never NaN.
    static ushort BrainFloat(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    static void Fill(Span<float> values, uint seed, uint first, float deviation)
    {
        // Uniform in ±√3 deviations.
        float scale = MathF.Sqrt(3) * deviation / 2147483648f;
        int i = 0;
        for (var index = Vector<uint>.Indices + new Vector<uint>(first); i <= values.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var bits = Mix(Mix(index) + new Vector<uint>(seed));
            (Vector.ConvertToSingle(Vector.AsVectorInt32(bits)) * scale).CopyTo(values[i..]);
            index += new Vector<uint>((uint)Vector<uint>.Count);
        }
        for (; i < values.Length; i++)
            values[i] = (int)Mix(Mix(first + (uint)i) + seed) * scale;
    }

    uint Seed(string name)
    {
        uint seed = (uint)options.Seed;
        foreach (char c in name)
            seed = Mix(seed + c);
        return seed;
    }

    // A 32-bit mixer: two rounds of xor-shift and odd multiplication.
    static uint Mix(uint x)
    {
        x = (x ^ x >> 16) * 0x7FEB352D;
        x = (x ^ x >> 15) * 0x846CA68B;
        return x ^ x >> 16;
    }

    static Vector<uint> Mix(Vector<uint> x)
    {
        x = (x ^ x >>> 16) * 0x7FEB352D;
        x = (x ^ x >>> 15) * 0x846CA68B;
        return x ^ x >>> 16;
    }
}
