using MuJoCo;

namespace Legato.Tests.MuJoCo;

public class MjLogTests
{
    [Fact]
    public void BadControlIsCountedLoggedAndTakenAsZero()
    {
        using MjModel model = MjModel.FromXmlString(Models.Arm);
        using var data = new MjData(model);
        Drain();
        data.Ctrl[1] = double.NaN;

        data.Step();

        Assert.Equal(1, data.Warnings(MjWarning.BadCtrl));
        Assert.False(data.Diverged);
        Assert.All(data.Qpos.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.Contains(Drain(), warning => warning.Contains("CTRL at ACTUATOR 1", StringComparison.Ordinal));
        Assert.False(File.Exists("MUJOCO_LOG.TXT"));
    }

    [Fact]
    public void WarningOfTheCompilerIsLoggedWithItsSource()
    {
        Drain();
        using MjModel model = MjModel.FromXmlString(
            "<mujoco><size nconmax='1'/><worldbody><geom type='plane' size='1 1 1'/><body pos='0 0 .05'><freejoint/><geom type='box' size='.1 .1 .1'/></body></worldbody></mujoco>");

        Assert.Contains(Drain(), warning => warning.StartsWith("the XML text: ", StringComparison.Ordinal) && warning.Contains("Increase nconmax above 1", StringComparison.Ordinal));
    }

    [Fact]
    public void DivergenceIsSeenAndForgottenOnReset()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        using var data = new MjData(model);
        data.Step();
        Assert.False(data.Diverged);
        data.Qvel[0] = double.PositiveInfinity;

        data.Step();

        Assert.True(data.Diverged);
        Assert.Equal((0, 1, 0), (data.Warnings(MjWarning.BadQpos), data.Warnings(MjWarning.BadQvel), data.Warnings(MjWarning.BadQacc)));
        data.Reset();
        Assert.False(data.Diverged);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Warnings((MjWarning)8));
    }

    [Fact]
    public void FullQueueKeepsTheOldestAndCountsTheRest()
    {
        using MjModel model = MjModel.FromXmlString(Models.Ball);
        Drain();
        long dropped = MjLog.Dropped;

        for (int i = 0; i < MjLog.Capacity + 10; i++)
        {
            using var data = new MjData(model);
            data.Qvel[0] = double.NaN;
            data.Step();
        }

        Assert.True(MjLog.Dropped >= dropped + 10);
        Assert.InRange(Drain().Count, 1, MjLog.Capacity);
    }

    private static List<string> Drain()
    {
        var warnings = new List<string>();
        while (MjLog.TryRead(out string? warning))
            warnings.Add(warning);
        return warnings;
    }
}
