using System.Runtime.InteropServices;

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Policy.Learning.Torch;

/// <summary>What every gradient step of an off-policy learner does.</summary>
internal static class Steps
{
    /// <summary>Goes down the slope of a loss.</summary>
    /// <param name="optimizer">Of the parameters that shall change.</param>
    /// <param name="loss">A number.</param>
    /// <param name="rate">The optimizer's learning rate.</param>
    /// <param name="when">What messages say of the time, e.g. <c>at step 12</c>.</param>
    /// <returns>The loss before.</returns>
    /// <exception cref="LearningException">The loss is not a number.</exception>
    public static double Descend(this Adam optimizer, Tensor loss, double rate, string when)
    {
        double value = loss.ToDouble();
        if (!double.IsFinite(value))
            throw new LearningException($"a loss is {value} {when}: the policy has fallen apart; begin again with a lower learning rate than {rate}");
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return value;
    }

    /// <summary>Scales rows in place; leaves them as they are where there is nothing to scale by.</summary>
    public static Tensor Scale(this RunningNormalizer? normalizer, Tensor rows)
    {
        if (normalizer is null)
            return rows;
        Span<float> values = MemoryMarshal.Cast<byte, float>(rows.bytes);
        normalizer.Apply(values, values);
        return rows;
    }
}
