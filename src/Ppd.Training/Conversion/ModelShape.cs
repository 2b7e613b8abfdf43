using Ppd.Drafting;
using Ppd.Native;

namespace Ppd.Training.Conversion;

/// <summary>What a checkpoint is compared with before its rows are taken for those of a model.</summary>
/// <param name="Base">Written into the prompt-token file.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Attention heads.</param>
sealed record ModelShape(BaseModel Base, int Layers, int Heads)
{
    /// <exception cref="PpdModelLoadException">The file is not a model that this library runs, or one that takes no embedding rows.</exception>
    public static ModelShape Of(string path)
    {
        using var file = GgufFile.Open(path);
        var info = GgufModelCheck.Check(file);
        if (!info.AcceptsEmbeddingRows)
            throw new PpdModelLoadException($"'{path}' takes no embedding rows, so no prompt tokens can be used with it. Use a model of another architecture.");
        return new ModelShape(BaseModel.Of(file), info.BlockCount, info.HeadCount);
    }
}
