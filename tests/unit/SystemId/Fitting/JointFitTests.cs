using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Fitting;
using Legato.SystemId.Rollouts;
using Legato.Tests.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Fitting;

[Collection(HeavyFits.Name)]
public sealed class JointFitTests
{
    private const double Degree = Math.PI / 180;

    private static readonly SimParameters Rig = SimParameters.Nominal
        .With("right_hand.delay", 0.018)
        .With("flexion.gain", 0.8).With("flexion.damping", 1.5).With("flexion.friction", 0.012).With("flexion.offset", -1.2 * Degree)
        .With("wrist.gain", 1.25).With("wrist.damping", 0.7).With("wrist.offset", -0.9 * Degree);

    [Fact]
    public void DrivesAreRecoveredFromNoisyMotionThatReachesTheEndsOfTravel()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, Rig, 5, (drive, time) => Excitation(scene, drive, time), noise: 0.2 * Degree, seed: 5);
        var fit = new JointFit(scene, new JointFitOptions
        {
            Stages = [["flexion.gain", "flexion.damping", "flexion.friction", "flexion.offset"], ["wrist.gain", "wrist.damping", "wrist.offset"]],
            SegmentLength = 2,
            Threads = 2,
        });
        JointFitResult result = fit.Fit([record], SimParameters.Nominal, TestContext.Current.CancellationToken);
        foreach (string name in (string[])["flexion.gain", "flexion.damping", "flexion.friction", "wrist.gain", "wrist.damping"])
            Assert.True(Math.Abs(result.Parameters[name] - Rig[name]) < 0.05 * Rig[name], Report(result, name));
        foreach (string name in (string[])["flexion.offset", "wrist.offset"])
            Assert.True(Math.Abs(result.Parameters[name] - Rig[name]) < 0.1 * Degree, Report(result, name));
        Assert.True(Math.Abs(result.Parameters["right_hand.delay"] - 0.018) < 0.0005, Report(result, "right_hand.delay"));
        // Segments start from measured states: what these are off is not in the intervals, up to a percent.
        foreach ((FitVariable v, int j) in result.Joint!.Variables.Select((v, j) => (v, j)))
            Assert.True(Math.Abs(result.Joint!.Estimate[j] - Rig[v.Name]) < (3.5 * result.Joint!.Confidence.StandardErrors[j]) + (0.01 * Math.Abs(Rig[v.Name])), Report(result, v.Name));
        // The weights were those of the noise, so nothing unexplained is left.
        Assert.InRange(result.Joint!.Confidence.ResidualVariance, 0.9, 1.1);
        Assert.Equal(["right_hand.delay"], result.Delays.Keys);
    }

    [Fact]
    public void ARigIsFoundWhateverTheStepsOfItsSimulation()
    {
        // The rig has finer steps than any simulation of it that is quick enough.
        using PianoScene rig = Free(0.001), fine = Free(0.002), quick = Free(0.005);
        string[] names = ["flexion.gain", "flexion.damping", "flexion.friction", "wrist.gain", "wrist.damping", "wrist.friction", "rails.gain", "rails.damping", "rails.friction"];
        var inside = new List<string>();
        var outside = new List<string>();
        for (int seed = 1; seed <= 2; seed++)
        {
            var random = new Random(seed);
            SimParameters truth = names.Aggregate(SimParameters.Nominal, (p, name) => p.With(name, ParameterSchema.Find(name).Key == "friction" ? 0.01 * random.NextDouble() : 0.7 + (0.6 * random.NextDouble()))).With("right_hand.delay", 0.017).With("left_hand.delay", 0.012).With("rails.delay", 0.006);
            double[] phases = [.. rig.Actuators.Names.Select(_ => 6 * random.NextDouble())];
            MotionRecord record = RecordedRig.Play(rig, truth, 5, (drive, time) => Waves(rig, drive, time, phases), noise: 0.2 * Degree, seed: seed);
            var fit = new JointFit(fine, new JointFitOptions { Stages = [names], SegmentLength = 2, Threads = 2 }, quick);
            FitResult joint = fit.Fit([record], SimParameters.Nominal, TestContext.Current.CancellationToken).Joint!;
            foreach ((FitVariable v, int j) in joint.Variables.Select((v, j) => (v, j)))
            {
                if (v.Name is "rails.gain" or "rails.damping")
                    Assert.Equal(truth[v.Name], joint.Estimate[j], 0.003 * truth[v.Name]);
                string report = FormattableString.Invariant($"{seed} {v.Name}: {truth[v.Name]:G4} fitted {joint.Estimate[j]:G4} ± {joint.Confidence.HalfWidth95(j):G2}, {(joint.Estimate[j] - truth[v.Name]) / joint.Confidence.StandardErrors[j]:0.0} sd");
                (Math.Abs(joint.Estimate[j] - truth[v.Name]) <= joint.Confidence.HalfWidth95(j) ? inside : outside).Add(report);
            }
        }
        Assert.True(inside.Count > 0.9 * (inside.Count + outside.Count), string.Join('\n', [$"{inside.Count} inside", .. outside, "inside:", .. inside]));
    }

    [Fact]
    public void AtRestNothingCanBeFitted()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.None });
        MotionRecord record = RecordedRig.Play(scene, SimParameters.Nominal, 1.5, (_, _) => 0, noise: 0.1 * Degree);
        var fit = new JointFit(scene, new JointFitOptions { Stages = JointFitOptions.StagesOf(["wrist"]) });
        Assert.Contains("move", Assert.Throws<InputException>(() => fit.Fit([record], SimParameters.Nominal, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StagesAreGroupsAndDrives()
    {
        Assert.Equal(["rails.gain", "rails.damping", "rails.friction", "rails.offset"], JointFitOptions.StagesOf(["rails"])[0]);
        Assert.Contains("rh_FFJ3.armature", JointFitOptions.StagesOf(["rh_FFJ3"])[0]);
        Assert.Contains("'piano'", Assert.Throws<InputException>(() => JointFitOptions.StagesOf(["piano"])).Message, StringComparison.Ordinal);
    }

    private static PianoScene Free(double timestep) => PianoScene.Build(new SceneOptions { Contacts = ContactSet.None, Timestep = timestep });

    // Two frequencies per drive, within the middle half of its travel.
    private static double Waves(PianoScene scene, string drive, double time, double[] phases)
    {
        int a = Enumerable.Range(0, scene.Actuators.Count).Single(i => SceneParameters.DriveName(scene.Actuators.Names[i]) == drive);
        double middle = 0.5 * (scene.ControlLow[a] + scene.ControlHigh[a]), half = 0.5 * (scene.ControlHigh[a] - scene.ControlLow[a]);
        return middle + (0.25 * half * (Math.Sin((3 * time) + phases[a]) + Math.Sin((11 * time) + (2 * phases[a]))));
    }

    // Waves of rising speed that overshoot both ends of travel, so that the joints rest there for moments.
    private static double Excitation(PianoScene scene, string drive, double time)
    {
        string group = ParameterSchema.GroupOf(drive);
        if (!drive.StartsWith("rh_", StringComparison.Ordinal) || group is not ("flexion" or "wrist"))
            return 0;
        int a = Enumerable.Range(0, scene.Actuators.Count).Single(i => SceneParameters.DriveName(scene.Actuators.Names[i]) == drive);
        double middle = 0.5 * (scene.ControlLow[a] + scene.ControlHigh[a]), half = 0.5 * (scene.ControlHigh[a] - scene.ControlLow[a]);
        double phase = 2 * Math.PI * ((0.25 * time) + (0.1 * time * time));
        return middle + (2 * half * Math.Sin(phase + (0.9 * a)));
    }

    private static string Report(JointFitResult result, string name)
    {
        int j = result.Joint!.Variables.Select(v => v.Name).ToList().IndexOf(name);
        return string.Join('\n', result.Joint!.Variables.Select((v, i) => $"{v.Name}: {Rig[v.Name]:G4} fitted {result.Joint!.Estimate[i]:G4} ± {result.Joint!.Confidence.HalfWidth95(i):G2}")
            .Prepend($"{result.Joint!.Variables[j].Name}; {result.Joint!.End} after {result.Joint!.Iterations}, stages {string.Join(' ', result.Stages.Select(s => $"{s.End}:{s.Iterations}"))}, delay {result.Delays.Values.First()}, variance {result.Joint!.Confidence.ResidualVariance:G4}"));
    }
}
