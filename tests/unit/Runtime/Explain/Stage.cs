using Legato.Music;
using Legato.Policy.Bundles;
using Legato.RobotDriver;
using Legato.RobotDriver.StandIn;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Sim.Limits;
using Legato.Sim.Scene;
using Legato.Tests.Policy;
using Serilog;

namespace Legato.Tests.Runtime.Explain;

/// <summary>A plan of the melody, a file of it, and a place to play it.</summary>
public sealed class Stage : IDisposable
{
    private readonly Rig _rig = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-stage-").FullName;

    public Stage()
    {
        string path = Path.Combine(_folder, "melody.mid");
        var events = new List<MidiEvent>();
        foreach (int key in (int[])[39, 41, 43, 41, 39, 39])
        {
            events.Add(new NoteOnEvent(0, (byte)(key + 21), 80));
            events.Add(new NoteOffEvent(0, (byte)(key + 21), 64) { DeltaTime = 450 });
            events.Add(new NoteOnEvent(0, (byte)(key + 21), 0) { DeltaTime = 50 });
        }
        new MidiFile(new TrackChunk(events)) { TimeDivision = new TicksPerQuarterNoteTimeDivision(500) }.Write(path, overwriteFile: true);
        Song = PlayableSong.Load(SongLibrary.Open(_folder), path);
        Bundle = PolicyBundle.Of(_rig.Plan(Song.Trajectory), Song.Trajectory, "test", "none");
    }

    public PlayableSong Song { get; }

    /// <summary>Plays every note in the plain simulator.</summary>
    public PolicyBundle Bundle { get; }

    public PianoScene Scene => _rig.Scene;

    public string Folder => _folder;

    public MotionLimits Unlimited => MotionLimits.Simulation(Scene.Actuators, Scene.ControlLow, Scene.ControlHigh);

    /// <summary>Plays and records.</summary>
    public async Task<RunFolder> PlayAsync(IRobot robot, PolicyBundle? bundle = null, MotionLimits? limits = null)
    {
        await using (robot)
        {
            string policy = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
            (bundle ?? Bundle).Save(policy);
            var request = new PlayRequest
            {
                Robot = robot,
                Scene = Scene,
                Limits = limits ?? Unlimited,
                Song = Song,
                Bundle = bundle ?? Bundle,
                BundleFolder = policy,
                ConfigurationFiles = [],
                Settings = new Dictionary<string, string>
                {
                    ["kind"] = "sim",
                    ["preset"] = $"{Scene.Options.Preset}",
                    ["action_space"] = $"{Scene.Options.ActionSpace}",
                    ["embodiment"] = $"{Scene.Options.Embodiment}",
                    ["timestep"] = "0.005",
                    ["reality"] = "other",
                },
            };
            PlayReport report = await new PlaySession(Path.Combine(_folder, "runs"), TimeProvider.System, Log.Logger).RunAsync(request, TestContext.Current.CancellationToken);
            return RunFolder.Open(report.Run);
        }
    }

    /// <summary>A rig that differs from the simulator.</summary>
    public IRobot Other(string yaml) => new RealityRobot("other", Scene.Options, Reality.Parse(yaml, "test.yaml"));

    public void Dispose()
    {
        _rig.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
