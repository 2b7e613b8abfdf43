using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Demo.Training;

/// <summary>
/// Adam with decoupled weight decay. Every coefficient is a tensor, as in <see cref="Sums"/>.
/// </summary>
sealed class AdamW
{
    const double Beta1 = 0.9;
    const double Beta2 = 0.95;
    const double Decay = 0.05;      // a step shrinks matrices by this times the learning rate
    const double Epsilon = 1e-8;
    const double MaxGradient = 1;   // norm of all gradients together

    readonly IReadOnlyDictionary<string, Tensor> _weights;
    readonly Tensor _keep1, _add1, _keep2, _add2, _epsilon, _one;

    public AdamW(IReadOnlyDictionary<string, Tensor> weights)
    {
        _weights = weights;
        (_keep1, _add1, _keep2, _add2, _epsilon, _one) = (Constant(Beta1), Constant(1 - Beta1), Constant(Beta2), Constant(1 - Beta2), Constant(Epsilon), Constant(1));
        foreach (var (name, weight) in weights)
        {
            Moments[name + ".m"] = zeros_like(weight).DetachFromDisposeScope();
            Moments[name + ".v"] = zeros_like(weight).DetachFromDisposeScope();
        }
    }

    /// <summary>Running means of gradients (<c>.m</c>) and of their squares (<c>.v</c>) by weight name.</summary>
    public Dictionary<string, Tensor> Moments { get; } = [];

    /// <summary>One step; gradients are zero afterwards. A weight without a gradient is left alone.</summary>
    /// <param name="step">Counted from 1.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="parallel">How many weights to work on at the same time.</param>
    public void Step(int step, double rate, ParallelOptions parallel)
    {
        using var context = no_grad();
        using var scope = NewDisposeScope();
        var used = _weights.Where(weight => weight.Value.grad is not null).ToArray();
        var norm = stack([.. used.Select(weight => (weight.Value.grad! * weight.Value.grad!).sum())]).sum().sqrt();
        var clip = minimum(_one, tensor((float)MaxGradient) / norm.Plus(_epsilon));
        var scaledRate = tensor((float)(rate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step))));
        var shrink = tensor((float)(1 - rate * Decay));
        Parallel.ForEach(used, parallel, pair =>
        {
            var (name, weight) = pair;
            using var alone = no_grad();
            using var inner = NewDisposeScope();
            var gradient = weight.grad! * clip;
            var (m, v) = (Moments[name + ".m"], Moments[name + ".v"]);
            m.mul_(_keep1).Increase(gradient * _add1);
            v.mul_(_keep2).Increase(gradient * gradient * _add2);
            if (weight.dim() > 1) weight.mul_(shrink);
            weight.sub_(m / v.sqrt().Plus(_epsilon) * scaledRate);
            weight.grad!.zero_();
        });
    }

    static Tensor Constant(double value) => tensor((float)value).DetachFromDisposeScope();
}
