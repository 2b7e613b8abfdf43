using Ppd.Native;

namespace Ppd.Drafting;

/// <summary>The model that prompt tokens were trained for.</summary>
/// <param name="Architecture">general.architecture of the model file.</param>
/// <param name="Name">For people; two files of one model may differ in it.</param>
/// <param name="Width">Elements of an embedding row.</param>
/// <param name="VocabularySize">Tokens.</param>
/// <param name="Fingerprint">What decides whether two files hold the same model; see <see cref="ModelFingerprint"/>.</param>
sealed record BaseModel(string Architecture, string Name, int Width, int VocabularySize, string Fingerprint)
{
    /// <exception cref="PpdModelLoadException">The file is not a model that this library runs.</exception>
    public static BaseModel Of(GgufFile file)
    {
        var info = GgufModelCheck.Check(file);
        return new BaseModel(info.Architecture, info.Name, info.EmbeddingLength, info.VocabularySize, ModelFingerprint.Of(file));
    }

    /// <summary>As in messages: <c>'stories260K' (llama, width 64, 512 tokens, fingerprint 0f3a…)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"'{Name}' ({Architecture}, width {Width}, {VocabularySize} tokens, fingerprint {Fingerprint})");
}
