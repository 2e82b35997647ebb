using System.Text.Json;
using Legato.Music;

namespace Legato.Tests.Music;

/// <summary>Trajectories against those that RoboPianist itself computed.</summary>
public class NoteTrajectoryOracleTests
{
    [Fact]
    public void Every_reference_case_is_met_exactly()
    {
        IReadOnlyList<JsonElement> cases = Reference.Cases("note_trajectories.json", "trajectories");
        Assert.All(cases, c =>
        {
            Score score = c.GetProperty("kind").GetString() == "mid_file" ? FromFile(c) : FromNotes(c);
            AssertNotes(c, score);
            AssertSteps(c, NoteTrajectory.FromScore(score, c.GetProperty("dt").GetDouble()));
        });
    }

    private static Score FromFile(JsonElement c) => Score.Load(
        Reference.Midi(c.GetProperty("name").GetString()!),
        new ScoreOptions(c.GetProperty("stretch").GetDouble(), 0, c.GetProperty("trim_silence").GetBoolean()));

    // RoboPianist's own songs exist only as note lists, which the reference gives after stretching and trimming.
    private static Score FromNotes(JsonElement c) => new("library", c.GetProperty("seq_notes").EnumerateArray()
        .Select(n => new ScoreNote(n[0].GetDouble(), n[1].GetDouble(), n[2].GetInt32() - 21, n[3].GetInt32(), n[4].GetInt32())));

    private static void AssertNotes(JsonElement c, Score score)
    {
        Assert.Equal(c.GetProperty("total_time").GetDouble(), score.TotalTime);
        Assert.Equal(c.GetProperty("has_fingering").GetBoolean(), score.HasFingering);
        Assert.Equal(
            c.GetProperty("seq_notes").EnumerateArray().Select(n => (n[0].GetDouble(), n[1].GetDouble(), n[2].GetInt32(), n[3].GetInt32(), n[4].GetInt32())),
            score.Notes.Select(n => (n.Start, n.End, n.Key + 21, n.Velocity, n.Part)));
        Assert.Equal(
            c.GetProperty("seq_cc").EnumerateArray().Select(s => (s[0].GetDouble(), s[2].GetInt32())),
            score.Sustain.Select(s => (s.Time, s.Value)));
    }

    private static void AssertSteps(JsonElement c, NoteTrajectory trajectory)
    {
        Assert.Equal(c.GetProperty("n_steps").GetInt32(), trajectory.Count);
        Assert.Equal(
            c.GetProperty("steps").EnumerateArray().Select(s => s.EnumerateArray().Select(n => new TrajectoryNote(n[0].GetInt32(), n[1].GetInt32(), n[2].GetInt32())).ToArray()),
            trajectory.Steps.Select(s => s.ToArray()));
        Assert.Equal(c.GetProperty("sustain").EnumerateArray().Select(s => s.GetByte()), trajectory.Sustain);
    }
}
