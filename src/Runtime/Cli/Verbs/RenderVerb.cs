using System.CommandLine;
using System.Globalization;

using Legato.RobotDriver;
using Legato.Runtime.Experiments;
using Legato.Runtime.Recording;
using Legato.Sim.Piano;
using Legato.Sim.Rendering;
using Legato.Sim.Scene;

namespace Legato.Runtime.Cli.Verbs;

/// <summary><c>legato render --still</c>: a picture of the rig at any time of a run.</summary>
internal sealed class RenderVerb : IVerb
{
    private const int Width = 1280;
    private const int Height = 720;

    /// <inheritdoc/>
    public Command Create(CliHost cli)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run" };
        var still = new Option<double>("--still") { Description = "Time of the picture in seconds of the song; negative is before it", Required = true, HelpName = "seconds" };
        var camera = new Option<string>("--camera") { Description = $"One of {string.Join(", ", StillRenderer.Cameras)}", DefaultValueFactory = _ => StillRenderer.Cameras[0] };
        var output = new Option<string?>("--out") { Description = "PNG file (in the run's folder by default)", HelpName = "file" };
        var command = new Command("render", "Draw the rig as it was measured at a time of a run") { run, still, camera, output };
        return cli.Handle(command, parse =>
        {
            string name = parse.GetRequiredValue(camera);
            if (!StillRenderer.Cameras.Contains(name))
                throw new InputException($"--camera {name}: must be one of {string.Join(", ", StillRenderer.Cameras)}");
            RunFolder folder = RunFolder.Open(parse.GetRequiredValue(run));
            double seconds = parse.GetValue(still);
            string file = parse.GetValue(output) ?? Path.Combine(folder.FolderPath, string.Create(CultureInfo.InvariantCulture, $"still-{seconds:0.00}-{name}.png"));
            Moment moment = Moment.Of(RecordedRun.Read(folder), (int?)folder.Summary["lead_in"] ?? 0, seconds);
            using PianoScene scene = RunScene.Of(folder, null);
            using (var renderer = new StillRenderer(scene, Width, Height))
                renderer.Save(moment.Joints, moment.KeysDown, name, file);
            return new VerbResult(new { File = file, Seconds = seconds }, writer => writer.WriteLine(file));
        });
    }

    /// <summary>Joints and keys at one time.</summary>
    private sealed record Moment(double[] Joints, bool[] KeysDown)
    {
        public static Moment Of(RecordedRun run, int leadIn, double seconds)
        {
            long time = run.SongStart(leadIn) + (long)(seconds * 1e9);
            RecordedCycle cycle = run.Cycles.LastOrDefault(c => c.Woke <= time && c.Measured is not null)
                ?? throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--still {seconds}: the recording has nothing measured at that time"));
            var down = new bool[PianoGeometry.KeyCount];
            foreach (KeyEvent key in run.Keys.TakeWhile(k => k.Stamp <= time))
                down[key.Key] = key.Down;
            return new Moment(cycle.Measured!, down);
        }
    }
}
