using Ppd.Training.Data;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>Something that guesses several tokens ahead and can be trained to.</summary>
interface IGuesser : IDisposable
{
    /// <summary>What is trained.</summary>
    IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>Logits of the guesses at every point [B, R, count, Vocabulary], and those of the model for the same tokens, without gradient.</summary>
    (Tensor Student, Tensor Teacher) Run(Batch batch);
}
