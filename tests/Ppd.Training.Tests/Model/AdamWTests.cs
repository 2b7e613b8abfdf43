using Ppd.Training.Model;
using Ppd.Training.Native;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Model;

public sealed class AdamWTests
{
    static AdamWTests() => TorchRuntime.Load(threads: 1);

    [Fact]
    public void Steps_are_those_of_torch()
    {
        using var scope = NewDisposeScope();
        using var ours = tensor(new float[,] { { 1, -2, 3 } }, requires_grad: true);
        using var theirs = nn.Parameter(tensor(new float[,] { { 1, -2, 3 } }));
        using var optimiser = new AdamW([ours]);
        using var reference = optim.AdamW([theirs], lr: 0.1, weight_decay: 0.01);
        for (var step = 1; step <= 5; step++)
        {
            (ours * ours * ours).sum().backward();
            optimiser.Step(step, learningRate: 0.1, weightDecay: 0.01);
            reference.zero_grad();
            (theirs * theirs * theirs).sum().backward();
            reference.step();
        }
        (ours - theirs).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        (ours - tensor(new float[,] { { 1, -2, 3 } })).abs().min().item<float>().ShouldBeGreaterThan(0.1f);
    }

    [Fact]
    public void Long_gradients_are_shortened_together_and_short_ones_kept()
    {
        using var scope = NewDisposeScope();
        using var one = tensor(new float[] { 1 }, requires_grad: true);
        using var two = tensor(new float[] { 1 }, requires_grad: true);
        using var optimiser = new AdamW([one, two]);
        (tensor(3f) * one + tensor(4f) * two).sum().backward();
        optimiser.Clip(10);
        (one.grad!.item<float>(), two.grad!.item<float>()).ShouldBe((3, 4));
        optimiser.Clip(1);
        one.grad!.item<float>().ShouldBe(0.6f, 1e-4f);
        two.grad!.item<float>().ShouldBe(0.8f, 1e-4f);
    }
}
