using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>Adam with decoupled weight decay whose state can be saved: a resumed run continues bit for bit.</summary>
sealed class AdamW : IDisposable
{
    const double Epsilon = 1e-8;

    readonly IReadOnlyList<Tensor> _parameters;
    readonly List<Tensor> _first = [], _second = [];
    readonly double _firstDecay, _secondDecay;

    /// <param name="parameters">Tensors that require gradients.</param>
    /// <param name="firstDecay">Of the running means of gradients.</param>
    /// <param name="secondDecay">Of those of their squares.</param>
    public AdamW(IReadOnlyList<Tensor> parameters, double firstDecay = 0.9, double secondDecay = 0.999)
    {
        (_parameters, _firstDecay, _secondDecay) = (parameters, firstDecay, secondDecay);
        foreach (var parameter in parameters)
        {
            _first.Add(zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
            _second.Add(zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
        }
    }

    /// <summary>Running means of gradients and of their squares, in parameter order.</summary>
    public IReadOnlyList<Tensor> State => [.. _first, .. _second];

    /// <summary>Applies the gradients and clears them; a parameter without one is left alone.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="weightDecay">Share of a matrix that one step at learning rate 1 removes; vectors keep theirs.</param>
    /// <param name="workers">Parameters worked on at the same time.</param>
    public void Step(int step, double learningRate, double weightDecay = 0, int workers = 1) =>
        Parallel.For(0, _parameters.Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, i => Step(i, step, learningRate, weightDecay));

    void Step(int i, int step, double learningRate, double weightDecay)
    {
        using var frozen = no_grad();
        // before any tensor is asked for: one that no scope holds may be finalised while native code still reads it, see Sums
        using var scope = NewDisposeScope();
        var parameter = _parameters[i];
        if (parameter.grad is not { } gradient) return;
        // factors are tensors: see Sums
        Tensor Factor(double value) => tensor((float)value, device: parameter.device);
        _first[i].mul_(Factor(_firstDecay)).Increase(gradient * Factor(1 - _firstDecay));
        _second[i].mul_(Factor(_secondDecay)).Increase(gradient * gradient * Factor(1 - _secondDecay));
        if (weightDecay != 0 && parameter.dim() > 1) parameter.mul_(Factor(1 - learningRate * weightDecay));
        var scale = (_second[i] * Factor(1 / (1 - Math.Pow(_secondDecay, step)))).sqrt().Plus(Factor(Epsilon));
        parameter.sub_(_first[i] * Factor(learningRate / (1 - Math.Pow(_firstDecay, step))) / scale);
        gradient.zero_();
    }

    /// <summary>Shrinks all gradients together to a norm of <paramref name="most"/> where theirs is larger.</summary>
    public void Clip(double most)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
        var norm = stack([.. gradients.Select(gradient => (gradient * gradient).sum())]).sum().sqrt();
        Tensor Factor(double value) => tensor((float)value, device: norm.device);
        var factor = minimum(Factor(1), Factor(most) / norm.Plus(Factor(Epsilon)));
        foreach (var gradient in gradients) gradient.mul_(factor);
    }

    public void Dispose()
    {
        foreach (var tensor in State) tensor.Dispose();
    }
}
