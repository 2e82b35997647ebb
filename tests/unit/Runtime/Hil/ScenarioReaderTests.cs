using Legato.RobotDriver.Chaos;
using Legato.Runtime.Hil;
using Legato.Sim.Configuration;

namespace Legato.Tests.Runtime.Hil;

/// <summary>Every mistake in a scenario is one line that names file, line and key.</summary>
public sealed class ScenarioReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-scenario-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pain: 1\nexpect: {ended: completed}", "s.yaml:1: 'description' is missing")]
    [InlineData("description: x\nexpect: {ended: completed}", "s.yaml:1: 'pain' is missing; give the number of a row of docs/hil.md")]
    [InlineData("description: x\npain: 11\nexpect: {ended: completed}", "s.yaml:2: 'pain' is 11, outside 1..10")]
    [InlineData("description: x\npain: 1", "s.yaml:1: 'expect.ended' is missing")]
    [InlineData("description: x\npain: 1\nhazzard: true\nexpect: {ended: completed}", "s.yaml:3: unknown key 'hazzard'; known here: description, expect, faults, hazard, pain, play, short")]
    [InlineData("description: x\npain: 1\nfaults:\n  - {kind: drop_report}\nexpect: {ended: completed}", "s.yaml:4: 'faults[0].kind' is 'drop_report'; did you mean 'drop_reports'? (kinds: drop_reports, ")]
    [InlineData("description: x\npain: 1\nfaults:\n  - {kind: estop}\n  - {kind: estop, share: 1}\nexpect: {ended: completed}", "s.yaml:5: unknown key 'faults[1].share'; known here: after, for, in, kind")]
    [InlineData("description: x\npain: 1\nfaults:\n  - {kind: delay_reports}\nexpect: {ended: completed}", "s.yaml:4: 'faults[0].delay' is missing")]
    [InlineData("description: x\npain: 1\nfaults:\n  - {kind: estop, in: plying}\nexpect: {ended: completed}", "s.yaml:4: 'faults[0].in' is 'plying', must be one of start, connected, homing, playing, lifting")]
    [InlineData("description: x\npain: 1\nfaults:\n  - {kind: estop, for: 0}\nexpect: {ended: completed}", "s.yaml:4: 'faults[0].for' is 0, outside 0.001..600")]
    [InlineData("description: x\npain: 1\nfaults: {kind: estop}\nexpect: {ended: completed}", "s.yaml:3: 'faults' must be a list")]
    [InlineData("description: x\npain: 1\nexpect: {ended: completed, lifted: yes}", "s.yaml:3: 'expect.lifted' is 'yes', must be one of true, false, any")]
    [InlineData("description: x\npain: 1\nplay: {notes: [20]}\nexpect: {ended: completed}", "s.yaml:3: 'play.notes' has '20', must be MIDI notes 21..108")]
    [InlineData("description: x\npain: 1\nplay: {notes: [60], song: twinkle}\nexpect: {ended: completed}", "s.yaml:3: 'play.notes' stands beside 'song'; give one of them")]
    [InlineData("description: x\npain: 1\nfaults: [{kind: play_signal}, {kind: estop}]\nexpect: {ended: killed}", "s.yaml:3: 'faults' has 'estop', which happens inside 'legato play'")]
    public void AMistakeIsNamedWithItsLine(string text, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.StartsWith(Path.Combine(_folder, message), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryKeyIsRead()
    {
        Scenario s = Read("""
            description: Something.
            pain: 3
            short: true
            hazard: true
            play: {notes: [60, 64], seconds: 2}
            faults:
              - {kind: nan_joint, joint: rh_FFJ3, in: homing, after: 0.5, for: 0.25}
              - {kind: full_disk}
            expect: {ended: stalestate, exit: 1, says: [a, b], safe_within: 0.4, lifted: false, keys_up: any, speed: 2, tracking: 0.1, f1: 0.5, clamped: true, recording: cut, replays: false, quality: [E, F]}
            """);
        Assert.Equal(("s", "Something.", 3, true, true), (s.Name, s.Description, s.Pain, s.IsShort, s.IsHazard));
        Assert.Equal((2.0, 60, 64), (s.Piece.Seconds, s.Piece.Notes[0], s.Piece.Notes[1]));
        Assert.Equal(new FaultWindow(ChaosPhase.Homing, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.25)), s.Faults[0].Window);
        Assert.Equal(new FaultWindow(ChaosPhase.Playing, TimeSpan.Zero, null), s.Faults[1].Window);
        Assert.Equal(["nan_joint", "full_disk"], s.Faults.Select(f => f.Kind));
        Expectations e = s.Expect;
        Assert.Equal(("stalestate", 1, 0.4, false, null), (e.Ended, e.Exit, e.SafeWithin, e.Lifted, e.KeysUp));
        Assert.Equal((2.0, 0.1, 0.5, true, RecordingState.Cut, false), (e.Speed, e.Tracking, e.F1, e.Clamped, e.Recording, e.Replays));
        Assert.Equal(["a", "b"], e.Says);
        Assert.Equal(["E", "F"], e.Quality);
        Assert.True(s.NeedsRealTime);
        Assert.False(s.IsOfProcess);
    }

    [Fact]
    public void SafetyIsExpectedUnlessTheFileSaysOtherwise()
    {
        Expectations e = Read("description: x\npain: 1\nexpect: {ended: completed}").Expect;
        Assert.Equal((0, true, true, 1.5, RecordingState.Whole), (e.Exit, e.Lifted, e.KeysUp, e.Speed, e.Recording));
        Assert.Equal(1, Read("description: x\npain: 1\nexpect: {ended: stalestate}").Expect.Exit);
        Assert.Equal(RecordingState.None, Read("description: x\npain: 1\nexpect: {ended: refused, exit: 2}").Expect.Recording);
    }

    private Scenario Read(string text)
    {
        string file = Path.Combine(_folder, "s.yaml");
        File.WriteAllText(file, text);
        return Scenario.Load(file);
    }
}
