using System.Text.Json.Nodes;
using Legato.Music;
using Legato.Policy;
using Legato.Policy.Bundles;
using Legato.Policy.Planning;
using Legato.Tests.EndToEnd;

[assembly: AssemblyFixture(typeof(PlannedMelody))]

namespace Legato.Tests.EndToEnd;

/// <summary>A short melody that <c>legato plan</c> planned once for all tests.</summary>
public sealed class PlannedMelody : IDisposable
{
    private readonly Workspace _workspace = new();

    public PlannedMelody()
    {
        Song = Melody.Write(_workspace.PathOf("melody.mid"), Melody.FiveNotes);
        Bundle = _workspace.PathOf("bundle");
        Fingering = _workspace.PathOf("fingering.pig.txt");
        Report = _workspace.Run("plan", Song, "--robot", _workspace.WriteSimulation(), "--out", Bundle, "--write-fingering", Fingering, "--json").Expect(0).Json;
        (LongSong, LongBundle) = MakeLong();
    }

    /// <summary>The MIDI file.</summary>
    public string Song { get; }

    /// <summary>Folder of the bundle.</summary>
    public string Bundle { get; }

    /// <summary>The plan's fingers, as the PIG dataset writes them.</summary>
    public string Fingering { get; }

    /// <summary>What the program said.</summary>
    public JsonObject Report { get; }

    /// <summary>The melody and its last note once more, a minute later: time enough to do something to a run.</summary>
    public string LongSong { get; }

    /// <summary>A bundle for <see cref="LongSong"/> that plays the melody and then keeps still.</summary>
    public string LongBundle { get; }

    /// <inheritdoc/>
    public void Dispose() => _workspace.Dispose();

    private (string Song, string Bundle) MakeLong()
    {
        string song = Melody.Write(_workspace.PathOf("long.mid"), TimeSpan.FromMinutes(1), [.. Melody.FiveNotes, Melody.FiveNotes[^1]]);
        var trajectory = NoteTrajectory.FromScore(Score.Load(song));
        var planned = PolicyBundle.Load(Bundle);
        CommandTable commands = planned.Commands;
        int steps = planned.Manifest.LeadIn + trajectory.Count;
        double[] values = [.. Enumerable.Range(0, steps).SelectMany(step => commands[Math.Min(step, commands.Steps - 1)].ToArray())];
        string folder = _workspace.PathOf("long");
        new PolicyBundle(
            planned.Manifest with { Song = "long", SongHash = PolicyBundle.HashOf(trajectory) },
            new CommandTable(commands.Actuators, values),
            new double[steps]).Save(folder);
        return (song, folder);
    }
}
