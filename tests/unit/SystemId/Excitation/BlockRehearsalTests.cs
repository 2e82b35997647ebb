using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.SystemId.Excitation;

namespace Legato.Tests.SystemId.Excitation;

public sealed class BlockRehearsalTests : IDisposable
{
    private readonly PianoScene _scene = PianoScene.Build(new SceneOptions());

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void CandidatesBecomeSafeWithoutLosingTheirMotion()
    {
        ExcitationLimits limits = Rig.Limits(_scene);
        using var rehearsal = new BlockRehearsal(_scene, SimParameters.Nominal, limits);
        var lost = new List<string>();
        var moved = new HashSet<int>();
        foreach (ExcitationBlock block in new FreeMotions(limits).Create())
        {
            if (rehearsal.MakeSafe(block) is not { } safe)
            {
                lost.Add($"{block.Label}: {rehearsal.Fault(block)}");
                continue;
            }
            Assert.Null(rehearsal.Fault(safe));
            moved.UnionWith(Enumerable.Range(0, _scene.Actuators.Count).Where(a => safe.Moves(a, _scene.Actuators.Units[a] == Legato.Sim.JointUnit.Metre ? 0.01 : 0.1)));
        }
        Assert.True(moved.Count == _scene.Actuators.Count && lost.Count < 6, string.Join('\n', lost));
    }

    [Fact]
    public void AHandThatReachesTheKeysIsRefusedUnlessItMay()
    {
        ExcitationLimits limits = Rig.Limits(_scene);
        using var rehearsal = new BlockRehearsal(_scene, SimParameters.Nominal, limits);
        double[] rest = FreeMotions.RestPose(limits), low = [.. rest];
        for (int a = 0; a < low.Length; a++)
        {
            string name = _scene.Actuators.Names[a];
            if (name is "rh_A_WRJ1" or "rh_A_FFJ3")
                low[a] = 0.4;
            if (name == "rh_A_FFJ0")
                low[a] = 1;
        }
        ExcitationBlock reach = new BlockBuilder(limits, rest).MoveTo(low).Hold(0.2).Build("reach", ExcitationKind.Tap);
        Assert.Contains("_key_", rehearsal.Fault(reach), StringComparison.Ordinal);
        Assert.Null(rehearsal.Fault(reach with { Keys = Enumerable.Range(0, PianoGeometry.KeyCount).ToHashSet() }));
        // Made smaller, it stays in the air.
        ExcitationBlock? smaller = rehearsal.MakeSafe(reach);
        Assert.NotNull(smaller);
        Assert.True(smaller.Targets.Max(row => row[_scene.Actuators.Require("rh_A_FFJ0")]) < 1);
    }
}
