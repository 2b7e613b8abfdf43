using Ppd.Training.Model;
using static TorchSharp.torch;

namespace Ppd.Training.Prompts;

/// <summary>Adam with decoupled weight decay whose state can be saved: a resumed run continues bit for bit.</summary>
sealed class AdamW : IDisposable
{
    const double FirstDecay = 0.9, SecondDecay = 0.999, Epsilon = 1e-8;

    readonly IReadOnlyList<Tensor> _parameters;
    readonly List<Tensor> _first = [], _second = [];

    public AdamW(IReadOnlyList<Tensor> parameters)
    {
        _parameters = parameters;
        foreach (var parameter in parameters)
        {
            _first.Add(zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
            _second.Add(zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
        }
    }

    /// <summary>Running means of gradients and of their squares, in parameter order.</summary>
    public IReadOnlyList<Tensor> State => [.. _first, .. _second];

    /// <summary>Applies the gradients and clears them.</summary>
    /// <param name="step">From 1.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="weightDecay">Share of a parameter that one step at learning rate 1 removes.</param>
    public void Step(int step, double learningRate, double weightDecay = 0)
    {
        using var frozen = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var parameter = _parameters[i];
            if (parameter.grad is not { } gradient) continue;
            // factors are tensors: see Sums
            Tensor Factor(double value) => tensor((float)value, device: parameter.device);
            _first[i].mul_(Factor(FirstDecay)).Increase(gradient * Factor(1 - FirstDecay));
            _second[i].mul_(Factor(SecondDecay)).Increase(gradient * gradient * Factor(1 - SecondDecay));
            if (weightDecay != 0) parameter.mul_(Factor(1 - learningRate * weightDecay));
            var scale = (_second[i] * Factor(1 / (1 - Math.Pow(SecondDecay, step)))).sqrt().Plus(Factor(Epsilon));
            parameter.sub_(_first[i] * Factor(learningRate / (1 - Math.Pow(FirstDecay, step))) / scale);
            gradient.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var tensor in State) tensor.Dispose();
    }
}
