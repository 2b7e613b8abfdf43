using Ppd.Drafting;
using Ppd.Training.Model;
using Ppd.Training.Prompts;

namespace Ppd.Training.Ablation;

/// <summary>One configuration to compare.</summary>
/// <param name="Name">Chosen by on the command line.</param>
/// <param name="Question">What it answers, compared with <c>base</c>.</param>
/// <param name="Options">Of the training.</param>
sealed record Variant(string Name, string Question, PromptTrainingOptions Options)
{
    /// <summary>Whether output heads are trained instead of prompt tokens.</summary>
    public bool Medusa { get; init; }

    /// <summary>Whether nothing is trained.</summary>
    public bool Untrained { get; init; }

    public static IReadOnlyList<Variant> All(PromptTrainingOptions basis) =>
    [
        new("base", "what the others are compared with", basis),
        new("seed-2", "how much is chance", basis with { Seed = basis.Seed + 1 }),
        new("mean-untrained", "training-free: the mean of the token table", basis with { Init = PromptInit.Mean }) { Untrained = true },
        new("count-1", "fewer prompt tokens", basis with { Count = 1 }),
        new("count-2", "fewer prompt tokens", basis with { Count = 2 }),
        new("count-5", "more prompt tokens", basis with { Count = 5 }),
        new("ensemble-4", "four rows per prompt token, private chains", basis with { Ensemble = 4 }),
        new("ensemble-4-decoder", "the same, seeing all earlier rows", basis with { Ensemble = 4, Mask = PromptTokenMask.Decoder }),
        new("ensemble-4-encoder", "the same, seeing their siblings only", basis with { Ensemble = 4, Mask = PromptTokenMask.Encoder }),
        new("init-mean", "start from the mean embedding", basis with { Init = PromptInit.Mean }),
        new("init-tokens", "start from rows of tokens", basis with { Init = PromptInit.Tokens }),
        new("loss-ce", "cross-entropy with the text instead of KL divergence", basis with { Loss = PromptLossKind.Ce }),
        new("loss-reach", "distances weighted by how often they are reached", basis with { Loss = PromptLossKind.Reach }),
        new("single", "one chain per text row instead of many", basis with { Points = 1 }),
        new("rank-16", "rows that depend on the token before them", basis with { Rank = 16 }),
        new("medusa", "output heads instead of prompt tokens", basis with { LearningRate = basis.LearningRate / 10 }) { Medusa = true },
    ];

    public IGuesser Create(Transformer model) => Medusa ? new MedusaHeads(model, Options.Count) : new PackedForward(model,
        PromptParameters.Create(model, Options.Count, Options.Ensemble, Options.Rank, Options.Init, Options.Seed), Options.Mask);
}
