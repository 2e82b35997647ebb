using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Sim;

namespace Legato.Tests.Policy;

/// <summary>Bundles on disk: whole or refused; and refused by name where they do not fit.</summary>
public sealed class PolicyBundleTests : IDisposable
{
    private static readonly JointLayout Layout = new(["rh_A_WRJ1", "rh_forearm_tx"], [JointUnit.Radian, JointUnit.Metre]);
    private static readonly NoteTrajectory Song = NoteTrajectory.FromScore(new Score("étude", [new ScoreNote(0, 0.5, 39, 80)], [new SustainChange(0.1, 127)]));

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-bundle-").FullName;

    private string Manifest => Path.Combine(_folder, "policy.json");

    private string Plan => Path.Combine(_folder, "plan.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ABundleComesBackAsItWasSaved()
    {
        PolicyBundle saved = Bundle();
        saved.Save(_folder);
        PolicyBundle loaded = PolicyBundle.Load(_folder);

        Assert.Equal(saved.Commands.Values.ToArray(), loaded.Commands.Values.ToArray());
        Assert.Equal(Layout, loaded.Commands.Actuators);
        Assert.Equal(saved.Pedal, loaded.Pedal);
        Assert.Equal(saved.Motion!.Values.ToArray(), loaded.Motion!.Values.ToArray());
        Assert.Equal([new SoundedKey(51, 4, 6)], loaded.Manifest.Sounds);
        Assert.Equivalent(saved.Manifest, loaded.Manifest, strict: true);
        Assert.Equal([new FingeredNote(39, 0, 10, 1)], loaded.Manifest.Fingering);
        Assert.Equal([new UnreachableNote(50, 3, 5)], loaded.Manifest.Unreachable);
        Assert.Equal("position_target", loaded.Manifest.ActionTransform);
        loaded.RequireFits(Layout, 20, Song);
        Assert.Equal(["plan.safetensors", "policy.json"], Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ThePlanComesBackOutOfItsBundle()
    {
        SongPlan plan = MakePlan();
        SongPlan back = PolicyBundle.Of(plan, Song, "scene", "0123").ToPlan();

        Assert.Equal(plan.Fingering.Presses, back.Fingering.Presses);
        Assert.Equal(plan.Fingering.Unreachable, back.Fingering.Unreachable);
        Assert.Equal(plan with { Fingering = back.Fingering, Pedal = back.Pedal }, back);
        Assert.Equal(plan.Pedal, back.Pedal);
    }

    [Fact]
    public void PlanningGoesOnOnlyWithWhatItWouldHaveMade()
    {
        PolicyBundle bundle = Bundle();
        string? Obstacle(NoteTrajectory song, int leadIn, string scene, string parameters) => bundle.ObstacleToGoOn(Layout, 20, song, leadIn, scene, parameters);
        string scene = bundle.Manifest.Scene, parameters = bundle.Manifest.ParametersHash;

        Assert.Null(Obstacle(Song, 1, scene, parameters));
        Assert.Contains("made for other notes", Obstacle(Song.WithInitialBuffer(0.05), 1, scene, parameters), StringComparison.Ordinal);
        Assert.Contains("a lead-in of 1 steps, now it is 2", Obstacle(Song, 2, scene, parameters), StringComparison.Ordinal);
        Assert.Contains("the scene 'robo_pianist/full/five_fingers', this is 'lab'", Obstacle(Song, 1, "lab", parameters), StringComparison.Ordinal);
        Assert.Contains("other parameters", Obstacle(Song, 1, scene, "3210"), StringComparison.Ordinal);
    }

    [Fact]
    public void SavingOverAnotherBundleLeavesNoMixtureBehind()
    {
        Bundle().Save(_folder);
        // A folder where the new manifest should go: the write of the targets succeeds, that of the manifest does not.
        string blocked = Path.Combine(_folder, "blocked");
        Directory.CreateDirectory(Path.Combine(blocked, "policy.json"));
        Assert.Throws<InputException>(() => Bundle().Save(blocked));
        Assert.False(PolicyBundle.Exists(blocked));
        Assert.True(PolicyBundle.Exists(_folder));
    }

    [Fact]
    public void TheManifestIsReadableByPeople()
    {
        Bundle().Save(_folder);
        string json = File.ReadAllText(Manifest);
        Assert.Contains("\"rh_forearm_tx\"", json, StringComparison.Ordinal);
        Assert.Contains("\"metre\"", json, StringComparison.Ordinal);
        Assert.Contains("\"song_hash\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void ABundleForAnotherRateRobotOrSongIsRefusedByName()
    {
        PolicyBundle bundle = Bundle();
        string Refusal(JointLayout layout, double rate, NoteTrajectory song) => Assert.Throws<InputException>(() => bundle.RequireFits(layout, rate, song)).Message;

        Assert.Equal("policy for 'étude': made for 20 Hz, the robot runs at 12.5 Hz", Refusal(Layout, 12.5, Song));
        Assert.Contains("actuator 0 is rh_A_WRJ1 [Radian], the robot's is rh_A_WRJ2 [Radian]", Refusal(new(["rh_A_WRJ2", "rh_forearm_tx"], Layout.Units), 20, Song), StringComparison.Ordinal);
        Assert.Contains("actuator 1 is rh_forearm_tx [Metre], the robot's is rh_forearm_tx [Radian]", Refusal(new(Layout.Names, [JointUnit.Radian, JointUnit.Radian]), 20, Song), StringComparison.Ordinal);
        Assert.Contains("actuator 0 is rh_A_WRJ1 [Radian], the robot's is rh_forearm_tx [Metre]", Refusal(new(Layout.Names.Reverse(), Layout.Units.Reverse()), 20, Song), StringComparison.Ordinal);
        Assert.Contains("actuator 1 is rh_forearm_tx [Metre], the robot's is nothing", Refusal(new(["rh_A_WRJ1"], [JointUnit.Radian]), 20, Song), StringComparison.Ordinal);
        Assert.Contains("actuator 2 is nothing, the robot's is pedal [Fraction]", Refusal(new([.. Layout.Names, "pedal"], [.. Layout.Units, JointUnit.Fraction]), 20, Song), StringComparison.Ordinal);
        Assert.Contains("made for other notes", Refusal(Layout, 20, NoteTrajectory.FromScore(new Score("étude", [new ScoreNote(0, 0.5, 40, 80)]))), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutABundleIsRefused()
    {
        Assert.Contains("policy.json is missing", Refusal(), StringComparison.Ordinal);
        Bundle().Save(_folder);
        File.Delete(Plan);
        Assert.Contains("plan.safetensors: missing", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 4", "\"format\": 1", "has format 1, this program reads format 4")]
    [InlineData("\"finger\": 1", "\"finger\": -1", "finger -1 on key 39 in steps 0..10 is not possible in 11 steps")]
    [InlineData("\"start\": 0", "\"start\": 10", "on key 39 in steps 10..10 is not possible")]
    [InlineData("\"end\": 10", "\"end\": 12", "on key 39 in steps 0..12 is not possible")]
    [InlineData("\"key\": 39", "\"key\": 88", "finger 1 on key 88")]
    [InlineData("\"step\": 3", "\"step\": 5", "an unreachable key 50 in steps 5..5")]
    [InlineData("\"key\": 51", "\"key\": 88", "key 88 sounding in steps 4..6")]
    [InlineData("\"end\": 6", "\"end\": 12", "key 51 sounding in steps 4..12 is not possible in 11 steps")]
    [InlineData("\"sounds\": [", "\"sounds\": [null,", "'sounds' has an empty entry")]
    [InlineData("\"unreachable\": [", "\"unreachable\": [null,", "'unreachable' has an empty entry")]
    [InlineData("\"fingering\": [", "\"fingering\": [null,", "'fingering' has an empty entry")]
    [InlineData("\"song\": ", "\"sonk\": ", "not a policy manifest")]
    [InlineData("\"rh_forearm_tx\"", "\"rh_A_WRJ1\"", "'rh_A_WRJ1' stands twice in the layout")]
    [InlineData("\"rh_forearm_tx\"", "null", "Name 1 is empty")]
    [InlineData("\"metre\"", "\"inch\"", "not a policy manifest")]
    [InlineData("\"metre\"", "1", "not a policy manifest")]
    [InlineData(",\n    \"metre\"", "", "2 names but 1 units")]
    [InlineData("\"lead_in\": 1", "\"lead_in\": 99", "a lead-in of 99 steps, but the plan has 12")]
    [InlineData("\"lead_in\": 1", "\"lead_in\": -1", "a lead-in of -1 steps")]
    [InlineData("\"song_hash\": \"", "\"song_hash\": null, \"x\": \"", "not a policy manifest")]
    public void AManifestThatSaysNonsenseIsRefused(string original, string damage, string message)
    {
        Bundle().Save(_folder);
        string text = File.ReadAllText(Manifest);
        Assert.Contains(original, text, StringComparison.Ordinal);
        File.WriteAllText(Manifest, text.Replace(original, damage, StringComparison.Ordinal));
        Assert.Contains(message, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void TensorsThatDoNotFitTheManifestAreRefused()
    {
        Bundle().Save(_folder);
        void Replace(SafeTensor targets, SafeTensor pedal) => File.WriteAllBytes(Plan, Safetensors.Write(new Dictionary<string, SafeTensor> { ["targets"] = targets, ["pedal"] = pedal }));

        Replace(new SafeTensor<double>([2, 3], new double[6]), new SafeTensor<double>([2], new double[2]));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        Replace(new SafeTensor<double>([4], new double[4]), new SafeTensor<double>([2], new double[2]));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        Replace(new SafeTensor<double>([2, 2], new double[4]), new SafeTensor<double>([3], new double[3]));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        Replace(new SafeTensor<float>([2, 2], new float[4]), new SafeTensor<double>([2], new double[2]));
        Assert.Contains("F64 tensors do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        Replace(new SafeTensor<double>([2, 2], [0, 0, double.NaN, 0]), new SafeTensor<double>([2], new double[2]));
        Assert.Contains("no finite numbers", Refusal(), StringComparison.Ordinal);
        File.WriteAllBytes(Plan, Safetensors.Write(new Dictionary<string, SafeTensor> { ["targets"] = new SafeTensor<double>([2, 2], new double[4]) }));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        void Move(SafeTensor motion) => File.WriteAllBytes(Plan, Safetensors.Write(new Dictionary<string, SafeTensor>
        {
            ["targets"] = new SafeTensor<double>([2, 2], new double[4]),
            ["pedal"] = new SafeTensor<double>([2], new double[2]),
            ["motion"] = motion,
        }));
        Move(new SafeTensor<double>([2, 2], [0, 0, 0, double.PositiveInfinity]));
        Assert.Contains("no finite numbers", Refusal(), StringComparison.Ordinal);
        Move(new SafeTensor<float>([2, 2], new float[4]));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
        Move(new SafeTensor<double>([1, 2], new double[2]));
        Assert.Contains("do not fit the 2 actuators", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void AManifestCutAnywhereIsRefused()
    {
        Bundle().Save(_folder);
        byte[] whole = File.ReadAllBytes(Manifest);
        int end = Encoding.UTF8.GetString(whole).LastIndexOf('}');
        for (int length = 0; length < end; length++)
        {
            File.WriteAllBytes(Manifest, whole[..length]);
            Assert.DoesNotContain('\n', Refusal());
        }
    }

    [Fact]
    public void ADamagedManifestIsRefusedOrStillWhole()
    {
        Bundle().Save(_folder);
        byte[] whole = File.ReadAllBytes(Manifest);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Manifest, damaged);
            try
            {
                return PolicyBundle.Load(_folder).Commands.Actuators.Count == 2;
            }
            catch (InputException e)
            {
                return !e.Message.Contains('\n', StringComparison.Ordinal);
            }
        }).Holds(500);
    }

    private static PolicyBundle Bundle() => PolicyBundle.Of(MakePlan(), Song, "robo_pianist/full/five_fingers", "0123");

    private static SongPlan MakePlan()
    {
        int steps = Song.Count + 1;
        var commands = new CommandTable(Layout, [.. Enumerable.Range(0, 2 * steps).Select(i => Math.Sin(i))]);
        var press = new KeyPress(39, 0, 10);
        return new SongPlan
        {
            Song = "étude",
            Commands = commands,
            Pedal = [0, .. Song.Sustain.Select(s => (double)s)],
            LeadIn = 1,
            Feedback = true,
            Motion = new CommandTable(Layout, [.. Enumerable.Range(0, 2 * steps).Select(i => Math.Cos(i))]),
            Sounds = [new SoundedKey(51, 4, 6)],
            RobustF1 = 1,
            Score = PerformanceScore.OfRolls(Song.ToKeyRoll(), Song.ToKeyRoll()),
            Fingering = new FingeringPlan([new FingeredPress(press, 1)], [new KeyPress(50, 3, 5)]),
            Strategy = "beam",
            OptionsHash = "4567",
            IsComplete = true,
            Seconds = 1.5,
            EnvSteps = 240,
        };
    }

    private string Refusal() => Assert.Throws<InputException>(() => PolicyBundle.Load(_folder)).Message;
}
