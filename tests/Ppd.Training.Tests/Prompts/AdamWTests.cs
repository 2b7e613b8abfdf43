using Ppd.Training.Native;
using Ppd.Training.Prompts;
using static TorchSharp.torch;

namespace Ppd.Training.Tests.Prompts;

public sealed class AdamWTests
{
    static AdamWTests() => TorchRuntime.Load(threads: 1);

    [Fact]
    public void Steps_are_those_of_torch()
    {
        using var scope = NewDisposeScope();
        using var ours = tensor(new float[] { 1, -2, 3 }, requires_grad: true);
        using var theirs = nn.Parameter(tensor(new float[] { 1, -2, 3 }));
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
        (ours - tensor(new float[] { 1, -2, 3 })).abs().min().item<float>().ShouldBeGreaterThan(0.1f);
    }
}
