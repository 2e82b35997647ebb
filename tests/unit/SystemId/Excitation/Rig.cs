using Legato.Sim;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Tests.SystemId.Excitation;

/// <summary>A rig to excite: the published scene and limits of its joints.</summary>
internal static class Rig
{
    /// <summary>The ranges of the scene's actuators, with speeds.</summary>
    public static ExcitationLimits Limits(PianoScene scene, double fingers = double.PositiveInfinity, double rails = double.PositiveInfinity)
    {
        double[] velocity = [.. scene.Actuators.Units.Select(unit => unit == JointUnit.Metre ? rails : fingers)];
        double[] acceleration = [.. velocity.Select(v => 20 * v)];
        return new ExcitationLimits(scene.Actuators, scene.ControlLow, scene.ControlHigh, velocity, acceleration);
    }

    /// <summary>The candidates with these labels.</summary>
    public static ExcitationBlock[] Blocks(ExcitationLimits limits, params string[] labels)
    {
        IReadOnlyList<ExcitationBlock> all = new FreeMotions(limits).Create();
        return [.. labels.Select(label => all.Single(block => block.Label == label))];
    }
}
