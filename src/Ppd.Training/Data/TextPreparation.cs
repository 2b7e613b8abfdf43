using System.Globalization;
using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Training.Data;

/// <summary>What text a run needs.</summary>
/// <param name="Path">The user's file; null lets the model write.</param>
/// <param name="Tokens">How much the model writes.</param>
/// <param name="Length">Tokens of a document at most.</param>
/// <param name="Seed">Of the sampling.</param>
sealed record TextRequest(string? Path, int Tokens, int Length, int Seed)
{
    /// <summary>Text made from the same is the same.</summary>
    public string Key(string fingerprint)
    {
        var file = Path is null ? null : new FileInfo(Path);
        return string.Create(CultureInfo.InvariantCulture,
            $"{fingerprint} {(file is null ? $"own {Tokens} {Seed}" : $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}")} {Length}");
    }
}

/// <summary>Writes or reads the text, holds a part of it out and lets the model continue that part.</summary>
static class TextPreparation
{
    const int LeastHeldOut = 16, MostHeldOut = 256;
    const int ContinuationLength = 40, ShortestContinuation = 6;

    /// <exception cref="PpdException">There is too little text.</exception>
    public static async Task<TokenText> Make(LlamaModel model, GgufModelInfo info, TextRequest request, int threads, Action<int> progress, CancellationToken cancellationToken)
    {
        using var generator = new TextGenerator(model, info, request.Length, threads);
        var documents = request.Path is null
            ? await generator.Sample(request.Tokens, request.Seed, progress, cancellationToken)
            : [.. UserText.Read(request.Path, model.Vocabulary, info).SelectMany(document => document.Chunk(request.Length))];
        var random = new Random(request.Seed);
        random.Shuffle(CollectionsMarshal.AsSpan(documents));

        var heldOut = Math.Clamp(documents.Count / 8, LeastHeldOut, MostHeldOut);
        var prefixes = documents.Take(heldOut).Where(document => document.Length >= 4)
            .Select(document => document[..random.Next(2, Math.Max(3, document.Length / 2))]).ToList();
        var continuations = await generator.Continue(prefixes, ContinuationLength, cancellationToken);
        continuations.RemoveAll(c => c.Tokens.Length - c.Start < ShortestContinuation);
        var training = documents.Skip(heldOut).ToList();
        if (training.Count == 0 || continuations.Count < LeastHeldOut / 2)
        {
            throw new PpdException($"There are {documents.Count} documents of at most {request.Length} tokens, {continuations.Count} of them with a continuation to measure on. " +
                $"At least {2 * LeastHeldOut} documents are needed: give more text (--text, --tokens) or shorter documents (--length).");
        }
        var source = request.Path is null ? "written by the model itself at temperature 1" : Path.GetFileName(request.Path);
        return new TokenText(training, continuations, source);
    }
}
