using FsCheck;
using FsCheck.Fluent;
using MuJoCo;

namespace Legato.Tests.MuJoCo;

public class MjStateTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, 100_000).ToArbitrary();
    private const int Few = 15;

    [Fact]
    public void CopiedStateContinuesBitForBitInContact()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);

        Prop.ForAll(Seeds, seed =>
        {
            using MjData original = Models.MovingArm(model, seed, steps: 150 + (seed % 50));
            using var copy = new MjData(model);
            copy.CopyStateFrom(original);
            return original.ContactCount > 0 && ContinueAlike(original, copy, seed);
        }).Holds(Few);
    }

    [Fact]
    public void SavedStateContinuesBitForBitInDataThatWasElsewhere()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);

        Prop.ForAll(Seeds, seed =>
        {
            using MjData original = Models.MovingArm(model, seed, steps: 150 + (seed % 50));
            using MjData elsewhere = Models.MovingArm(model, seed + 1, steps: 170);
            double[] state = Save(original);
            elsewhere.SetState(state);
            return Save(elsewhere).SequenceEqual(state) && ContinueAlike(original, elsewhere, seed);
        }).Holds(Few);
    }

    [Fact]
    public void FullCopyHasComputedArraysAndContactsToo()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData original = Models.MovingArm(model, seed: 5, steps: 200);
        using var copy = new MjData(model);

        copy.CopyFrom(original);

        Assert.Equal(original.XPos.ToArray(), copy.XPos.ToArray());
        Assert.Equal(original.SensorData.ToArray(), copy.SensorData.ToArray());
        Assert.Equal(original.ContactCount, copy.ContactCount);
        Assert.Equal(original.Contacts[0].Dist, copy.Contacts[0].Dist);
        Assert.True(ContinueAlike(original, copy, 5));
    }

    [Fact]
    public void StateIsInMuJoCosOrder()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData data = Models.MovingArm(model, seed: 6, steps: 160);

        Assert.Equal(
            [data.Time, .. data.Qpos, .. data.Qvel, .. data.Act, .. data.QaccWarmstart, .. data.Ctrl, .. data.QfrcApplied, .. data.XfrcApplied, .. data.MocapPos, .. data.MocapQuat, .. data.UserData],
            Save(data));
        Assert.Contains(data.QaccWarmstart.ToArray(), value => value != 0);
    }

    [Fact]
    public void StateOfAnotherSizeIsRefusedAndChangesNothing()
    {
        using MjModel arm = MjModel.FromXmlString(Models.Arm);
        using MjModel ball = MjModel.FromXmlString(Models.Ball);
        using MjData data = Models.MovingArm(arm, seed: 7, steps: 10);
        using var other = new MjData(ball);
        double[] before = Save(data);

        Assert.Throws<ArgumentException>(() => data.SetState(new double[data.StateSize + 1]));
        Assert.Throws<ArgumentException>(() => data.GetState(new double[data.StateSize - 1]));
        Assert.Throws<ArgumentException>(() => data.CopyStateFrom(other));
        Assert.Throws<ArgumentException>(() => data.CopyFrom(other));
        Assert.Equal(before, Save(data));
    }

    [Fact]
    public void StateMovesBetweenAModelAndItsChangedClone()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjModel heavy = model.Clone();
        heavy.BodyMass[heavy.RequireId(MjObject.Body, "puck")] *= 2;
        using MjData light = Models.MovingArm(model, seed: 8, steps: 160);
        using var data = new MjData(heavy);

        data.CopyStateFrom(light);

        Assert.Equal(Save(light), Save(data));
    }

    private static double[] Save(MjData data)
    {
        double[] state = new double[data.StateSize];
        data.GetState(state);
        return state;
    }

    private static bool ContinueAlike(MjData a, MjData b, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            for (int u = 0; u < a.Ctrl.Length; u++)
                a.Ctrl[u] = b.Ctrl[u] = 2 * random.NextDouble() - 1;
            a.Step();
            b.Step();
            if (!a.Qpos.SequenceEqual(b.Qpos) || !a.SensorData.SequenceEqual(b.SensorData) || a.ContactCount != b.ContactCount)
                return false;
        }

        return Save(a).SequenceEqual(Save(b));
    }
}
