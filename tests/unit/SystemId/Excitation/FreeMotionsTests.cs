using FsCheck;
using FsCheck.Fluent;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Tests.SystemId.Excitation;

public sealed class FreeMotionsTests : IDisposable
{
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void BlocksKeepTheLimitsWhateverTheyAreAndEndWhereTheyBegan()
    {
        Gen<(double Fingers, double Rails)> speeds = from fingers in Gen.Choose(20, 1000) from rails in Gen.Choose(10, 300) select (fingers / 100.0, rails / 100.0);
        Prop.ForAll(speeds.ToArbitrary(), speed =>
        {
            ExcitationLimits limits = Rig.Limits(_scene, speed.Fingers, speed.Rails);
            var motions = new FreeMotions(limits);
            double[] rest = FreeMotions.RestPose(limits);
            foreach (ExcitationBlock block in motions.Create().Append(motions.Random((int)(100 * speed.Fingers))))
            {
                Assert.Equal(rest, block.Targets[0]);
                Assert.Equal(rest, block.Targets[^1]);
                string? fault = limits.Fault(block.Targets, SceneOptions.ControlPeriod);
                Assert.True(fault is null, $"{block.Label}: {fault}");
            }
        }).Holds();
    }

    [Fact]
    public void AtTheSpeedOfHandsABlockTakesSeconds()
    {
        foreach (ExcitationBlock block in new FreeMotions(Rig.Limits(_scene)).Create())
            Assert.True(block.Seconds is >= 2 and <= 8, $"{block.Label}: {block.Seconds} s");
    }

    [Fact]
    public void EveryDriveIsMovedByAChirpAndByARamp()
    {
        IReadOnlyList<ExcitationBlock> blocks = new FreeMotions(Rig.Limits(_scene)).Create();
        for (int a = 0; a < _scene.Actuators.Count; a++)
        {
            string name = _scene.Actuators.Names[a];
            bool isRail = name.Contains("forearm", StringComparison.Ordinal);
            foreach (ExcitationKind kind in (ExcitationKind[])[ExcitationKind.Chirp, ExcitationKind.Ramp])
                Assert.True(blocks.Any(b => b.Kind == kind && b.Moves(a, isRail ? 0.01 : 0.2)), $"no {kind} of {name}");
        }
    }

    [Fact]
    public void RobotsWithFewerJointsAreExcitedToo()
    {
        using PianoScene small = PianoScene.Build(new SceneOptions { ActionSpace = ActionSpace.Reduced, Embodiment = Embodiment.FourFingers });
        IReadOnlyList<ExcitationBlock> blocks = new FreeMotions(Rig.Limits(small)).Create();
        Assert.DoesNotContain(blocks, b => b.Label.StartsWith("palm ", StringComparison.Ordinal));
        Assert.All(blocks, b => Assert.All(b.Targets, row => Assert.Equal(small.Actuators.Count, row.Length)));
    }

    [Fact]
    public void AFaultNamesTheActuatorAndWhatItBreaks()
    {
        ExcitationLimits limits = Rig.Limits(_scene, fingers: 2);
        double[] rest = FreeMotions.RestPose(limits), far = [.. rest], fast = [.. rest];
        far[0] = limits.Upper[0] + 0.01;
        fast[0] += 0.11;
        Assert.Contains("position", limits.Fault([far], 0.05), StringComparison.Ordinal);
        Assert.Contains($"rate 2.2 of {_scene.Actuators.Names[0]} at step 1", limits.Fault([rest, fast], 0.05), StringComparison.Ordinal);
        Assert.Null(limits.Fault([rest, rest], 0.05));
    }
}
