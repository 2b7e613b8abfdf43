using System.Runtime.InteropServices;
using Ppd.Native;

namespace Ppd.Training.Prompts;

/// <summary>A trainer's state in a file: a killed run goes on from it to the same result. A GGUF container.</summary>
static class Checkpoint
{
    const string Kind = "ppd-checkpoint";

    /// <summary>Replaces the file as a whole: a run killed while writing leaves the previous one.</summary>
    public static void Write(string path, string key, TrainerState state)
    {
        var writer = new GgufWriter().Add("general.architecture", Kind).Add("ppd.key", key)
            .Add("ppd.step", state.Step).Add("ppd.total_steps", state.TotalSteps).Add("ppd.seconds", state.Seconds)
            .Add("ppd.best_score", state.BestScore).Add("ppd.since_best", state.SinceBest)
            .Add("ppd.loss_sum", state.LossSum).Add("ppd.loss_steps", state.LossSteps);
        Add("parameters", state.Parameters);
        Add("optimiser", state.Optimiser);
        Add("best", state.Best);
        Add("history", state.History.ConvertAll(Flat));
        var unfinished = path + ".new";
        writer.Write(unfinished);
        File.Move(unfinished, path, overwrite: true);

        void Add(string name, List<float[]> tensors)
        {
            writer.Add($"ppd.{name}", tensors.Count);
            for (var i = 0; i < tensors.Count; i++)
            {
                var values = tensors[i];
                writer.AddTensor($"{name}.{i}", GgmlType.F32, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
            }
        }
    }

    /// <exception cref="PpdException">The file belongs to a run with other options, text or model.</exception>
    public static TrainerState Read(string path, string key)
    {
        using var file = GgufFile.Open(path);
        var metadata = file.Metadata;
        if (metadata.GetOrDefault("general.architecture", "") != Kind) throw new PpdException($"'{path}' is not a checkpoint of a training run.");
        var found = metadata.GetRequired<string>("ppd.key");
        if (found != key)
        {
            throw new PpdException($"'{path}' belongs to another run: it was started as '{found}', this one is '{key}'. " +
                "Repeat the options, text and model of that run, or start anew without --resume.");
        }
        return new TrainerState(metadata.GetRequired<int>("ppd.step"), metadata.GetRequired<int>("ppd.total_steps"), metadata.GetRequired<double>("ppd.seconds"),
            metadata.GetRequired<double>("ppd.best_score"), metadata.GetRequired<int>("ppd.since_best"),
            metadata.GetRequired<double>("ppd.loss_sum"), metadata.GetRequired<int>("ppd.loss_steps"), Floats("parameters"), Floats("optimiser"), Floats("best"),
            Floats("history").ConvertAll(Point));

        List<float[]> Floats(string name) => [.. Enumerable.Range(0, metadata.GetRequired<int>($"ppd.{name}"))
            .Select(i => MemoryMarshal.Cast<byte, float>(file.Row(file.Tensors[$"{name}.{i}"], 0)).ToArray())];
    }

    // step, loss, points, distances, then the rates
    static float[] Flat(ProgressPoint point) =>
        [point.Step, (float)point.Loss, point.Hits.Points, point.Hits.Rates.Length, .. point.Hits.Rates.SelectMany(ranks => ranks)];

    static ProgressPoint Point(float[] flat) => new((int)flat[0], flat[1], new HitRates([.. flat[4..].Chunk((flat.Length - 4) / (int)flat[3])], (int)flat[2]));
}
