using System.Numerics.Tensors;

namespace Ppd.Native;

/// <summary>The model's word embeddings, read row by row from the memory-mapped file: what llama.cpp looks up for a token, for use in an embedding batch.</summary>
sealed class EmbeddingTable : IDisposable
{
    const string Tensor = "token_embd.weight";

    readonly GgufFile _file;
    readonly GgufTensor _rows;
    readonly RowDequantizer _dequantizer;

    /// <param name="library">Whose conversion from quantised rows is used.</param>
    /// <param name="modelPath">The model's GGUF file; stays mapped.</param>
    /// <exception cref="PpdModelLoadException">The file is gone, or ggml cannot convert the rows' type.</exception>
    internal EmbeddingTable(LlamaLibrary library, string modelPath)
    {
        _file = GgufFile.Open(modelPath);
        _rows = _file.Tensors[Tensor];
        try
        {
            _dequantizer = new RowDequantizer(library, _rows.Type);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        Width = (int)_rows.RowLength;
        DeclaredScale = _file.Metadata.GetOrDefault($"{_file.Metadata.GetRequired<string>("general.architecture")}.embedding_scale", 1f);
    }

    /// <summary>Floats of a row (<c>n_embd</c>).</summary>
    internal int Width { get; }

    /// <summary>Factor that the file names for token embeddings (<c>embedding_scale</c>); 1 where it names none.</summary>
    internal float DeclaredScale { get; }

    /// <summary>What the model's graph multiplies token embeddings by and leaves to the caller for an embedding batch; see <see cref="EmbeddingScale"/>.</summary>
    internal float Scale { get; set; } = 1;

    /// <summary>The row of a token as stored, [width].</summary>
    internal void ReadStored(int token, Span<float> row) => _dequantizer.Convert(_file.Row(_rows, token), row);

    /// <summary>The row of a token as an embedding batch takes it, [width].</summary>
    internal void Read(int token, Span<float> row)
    {
        ReadStored(token, row);
        if (Scale != 1) TensorPrimitives.Multiply(row, Scale, row);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
