using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Training.Data;

/// <summary>Everything a run trains and measures on.</summary>
/// <param name="Training">Documents to train on.</param>
/// <param name="HeldOut">Greedy continuations of other documents.</param>
/// <param name="Source">What it is, for the training record.</param>
sealed record TokenText(List<int[]> Training, List<Continuation> HeldOut, string Source)
{
    public long TrainingTokens => Training.Sum(document => (long)document.Length);
}

/// <summary>Keeps prepared text beside the output: writing it took the model a while. A GGUF container, as all our files.</summary>
static class TokenTextFile
{
    const string Kind = "ppd-text";

    /// <summary>Null where there is no file, or one made from something else than <paramref name="key"/>.</summary>
    public static TokenText? TryRead(string path, string key)
    {
        if (!File.Exists(path)) return null;
        using var file = GgufFile.Open(path);
        if (file.Metadata.GetOrDefault("general.architecture", "") != Kind || file.Metadata.GetOrDefault("ppd.text.key", "") != key) return null;
        var heldOut = Documents("held_out").Zip(Array("held_out.starts"), (tokens, start) => new Continuation(tokens, start));
        return new TokenText(Documents("training"), [.. heldOut], file.Metadata.GetRequired<string>("ppd.text.source"));

        List<int[]> Documents(string name)
        {
            List<int[]> documents = [];
            var tokens = Array(name + ".tokens").AsSpan();
            foreach (var length in Array(name + ".lengths"))
            {
                documents.Add(tokens[..length].ToArray());
                tokens = tokens[length..];
            }
            return documents;
        }

        int[] Array(string name) => MemoryMarshal.Cast<byte, int>(file.Row(file.Tensors["ppd.text." + name], 0)).ToArray();
    }

    public static void Write(string path, string key, TokenText text)
    {
        var writer = new GgufWriter().Add("general.architecture", Kind).Add("ppd.text.key", key).Add("ppd.text.source", text.Source);
        AddDocuments("training", text.Training);
        AddDocuments("held_out", text.HeldOut.ConvertAll(c => c.Tokens));
        Add("held_out.starts", [.. text.HeldOut.Select(c => c.Start)]);
        writer.Write(path);

        void AddDocuments(string name, List<int[]> documents)
        {
            Add(name + ".lengths", [.. documents.Select(d => d.Length)]);
            Add(name + ".tokens", [.. documents.SelectMany(d => d)]);
        }

        void Add(string name, int[] values) =>
            writer.AddTensor("ppd.text." + name, GgmlType.I32, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
    }
}
