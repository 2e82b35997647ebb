using MuJoCo;

namespace Legato.Tests.MuJoCo;

public class MjDataTests
{
    [Fact]
    public void DataStartsInTheModelsInitialStateAndReturnsToIt()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData data = Models.MovingArm(model, seed: 1, steps: 50);
        Assert.NotEqual(model.Qpos0.ToArray(), data.Qpos.ToArray());

        data.Reset();

        Assert.Equal(0, data.Time);
        Assert.Equal(model.Qpos0.ToArray(), data.Qpos.ToArray());
        Assert.All([.. data.Qvel, .. data.Ctrl, .. data.Act, .. data.QfrcApplied, .. data.XfrcApplied], value => Assert.Equal(0, value));
        data.Reset(0);
        Assert.Equal(model.KeyQpos.ToArray(), data.Qpos.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Reset(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Reset(-1));
    }

    [Fact]
    public void FreeFallFollowsTheIntegratorsOwnSum()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);
        const int n = 50;

        data.Step(n);

        // Semi-implicit Euler: v_k = −g h k, z_n = z_0 + h Σ v_k.
        Assert.Equal(0.3 - (9.81 * 0.002 * 0.002 * n * (n + 1) / 2), data.Qpos[2], tolerance: 1e-12);
        Assert.Equal(-9.81 * 0.002 * n, data.Qvel[2], tolerance: 1e-12);
        Assert.Equal(0.002 * n, data.Time, tolerance: 1e-12);
    }

    [Fact]
    public void PendulumSwingsWithItsAnalyticPeriodAndKeepsItsEnergy()
    {
        const double length = 0.5, mass = 2, radius = 0.05, amplitude = 0.05;
        using MjModel model = MjModel.FromXmlString(
            $"<mujoco><option timestep='0.001' integrator='RK4'><flag energy='enable'/></option><worldbody><body pos='0 0 1'><joint type='hinge' axis='0 1 0'/><geom type='sphere' size='{radius}' mass='{mass}' pos='0 0 -{length}'/></body></worldbody></mujoco>");
        using var data = new MjData(model);
        data.Qpos[0] = amplitude;
        data.Forward();
        double energy = data.Energy[0] + data.Energy[1];
        var crossings = new List<double>();

        while (crossings.Count < 11)
        {
            (double before, double time) = (data.Qpos[0], data.Time);
            data.Step();
            if (before < 0 && data.Qpos[0] >= 0)
                crossings.Add(time + (0.001 * before / (before - data.Qpos[0])));
        }

        // Physical pendulum with the first term of the amplitude's series.
        double inertia = mass * ((length * length) + (0.4 * radius * radius));
        double period = 2 * Math.PI * Math.Sqrt(inertia / (mass * 9.81 * length)) * (1 + (amplitude * amplitude / 16));
        Assert.Equal(period, (crossings[^1] - crossings[0]) / 10, tolerance: 1e-5);
        Assert.Equal(energy, data.Energy[0] + data.Energy[1], tolerance: 1e-9);
    }

    [Fact]
    public void StepInTwoHalvesIsTheWholeStep()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData whole = Models.MovingArm(model, seed: 2, steps: 200);
        using MjData halves = Models.MovingArm(model, seed: 2, steps: 200);

        whole.Step(20);
        for (int i = 0; i < 20; i++)
        {
            halves.Step1();
            halves.Step2();
        }

        Assert.Equal(whole.Qpos.ToArray(), halves.Qpos.ToArray());
    }

    [Fact]
    public void StagesTogetherGiveTheForwardPass()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData forward = Models.MovingArm(model, seed: 3, steps: 200);
        using MjData stages = Models.MovingArm(model, seed: 3, steps: 200);

        forward.Forward();
        stages.Kinematics();
        stages.ComPos();
        stages.CamLight();
        stages.Tendon();
        stages.Transmission();
        stages.Inertia();
        stages.FactorM();
        stages.Collision();

        Assert.Equal(forward.SiteXPos.ToArray(), stages.SiteXPos.ToArray());
        Assert.Equal(forward.SubtreeCom.ToArray(), stages.SubtreeCom.ToArray());
        Assert.Equal(forward.TenLength.ToArray(), stages.TenLength.ToArray());
        Assert.Equal(forward.ActuatorLength.ToArray(), stages.ActuatorLength.ToArray());
        Assert.Equal(forward.QM.ToArray(), stages.QM.ToArray());
        Assert.Equal(forward.QLD.ToArray(), stages.QLD.ToArray());
        Assert.Equal(forward.ContactCount, stages.ContactCount);
        Assert.True(stages.ContactCount > 0);
    }

    [Fact]
    public void ChangedParametersReachDerivedOnesThroughSetConst()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);

        model.BodyMass[1] = 5;
        data.SetConst();

        Assert.Equal(5, model.BodySubtreeMass[0]);
    }

    [Fact]
    public void ThreadsWithTheirOwnDataGetTheBitsOfOneThread()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        double[] Roll(int seed)
        {
            using MjData data = Models.MovingArm(model, seed, steps: 400);
            return data.Qpos.ToArray();
        }

        int[] seeds = [.. Enumerable.Range(0, 6)];
        double[][] expected = [.. seeds.Select(Roll)];
        double[][] actual = new double[seeds.Length][];
        Thread[] threads = [.. seeds.Select(seed => new Thread(() => actual[seed] = Roll(seed)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        Assert.Equal(expected, actual);
        Assert.NotEqual(expected[0], expected[1]);
    }

    [Fact]
    public void NothingIsAllocatedWhileStepping()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using MjData data = Models.MovingArm(model, seed: 4, steps: 200);
        double[] jacobian = new double[3 * model.NV];
        double[] state = new double[data.StateSize];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
                Cycle();
        }));

        void Cycle()
        {
            data.Ctrl[0] = data.Qpos[0];
            data.Step();
            data.JacSite(0, jacobian, []);
            data.GetState(state);
            data.SetState(state);
            Assert.False(data.Diverged);
            foreach (ref readonly MjContact contact in data.Contacts)
                jacobian[0] += contact.Dist;
        }
    }

    [Fact]
    public void DisposedDataThrows()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var other = new MjData(model);
        var data = new MjData(model);
        data.Dispose();
        data.Dispose();

        Assert.Throws<ObjectDisposedException>(data.Step);
        Assert.Throws<ObjectDisposedException>(data.Forward);
        Assert.Throws<ObjectDisposedException>(data.Reset);
        Assert.Throws<ObjectDisposedException>(() => data.Qpos.Length);
        Assert.Throws<ObjectDisposedException>(() => data.Time = 1);
        Assert.Throws<ObjectDisposedException>(() => data.Contacts.Length);
        Assert.Throws<ObjectDisposedException>(() => data.JacBody(1, new double[18], []));
        Assert.Throws<ObjectDisposedException>(() => other.CopyStateFrom(data));
        Assert.Throws<ObjectDisposedException>(() => other.CopyFrom(data));
        Assert.Throws<ObjectDisposedException>(data.SetConst);
    }
}
