using TorchSharp;
using static TorchSharp.torch;

namespace Ppd.Training.Model;

/// <summary>
/// Sums of tensors. TorchSharp's operator passes a factor of 1 as a new scalar that nothing refers to afterwards: a collection at that moment, which another
/// thread may cause, frees it while native code still reads it. Here it is one that stays.
/// </summary>
static class Sums
{
    static readonly Scalar One = 1.ToScalar();

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    public static Tensor Increase(this Tensor target, Tensor by) => target.add_(by, One);
}
