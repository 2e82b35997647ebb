using System.Text.Json.Nodes;

namespace Legato.Tests.EndToEnd;

/// <summary>Files and folders that the program has to refuse.</summary>
public sealed class BrokenInput : IDisposable
{
    public BrokenInput(PlannedMelody planned)
    {
        Workspace.WriteSimulation();
        string song = Melody.Write(Workspace.PathOf("song.mid"), Melody.FiveNotes);
        Melody.Write(Workspace.PathOf("other.mid"), 72, 74);
        Melody.Write(Workspace.PathOf("outside.mid"), 5, 120);
        Workspace.Write("empty.mid", "");
        Workspace.Write("text.mid", "not a MIDI file\n");
        File.WriteAllBytes(Workspace.PathOf("cut.mid"), File.ReadAllBytes(song)[..30]);
        Workspace.Write("bad-robot.yaml", "name: sim\nkind: sim\nlimits: simulation\nembodyment: five_fingers\n");
        Workspace.Write("reduced.yaml", "name: sim\nkind: sim\nlimits: simulation\naction_space: reduced\n");
        Workspace.Write("bad-params.yaml", "flexion: {gian: 0.9}\n");
        Workspace.Write("bad-reality.yaml", "name: x\nefects: {}\n");
        Workspace.Write("wild-reality.yaml", "name: x\nparameters: {flexion: {gain: 9}}\n");
        Workspace.Write("on-bad-reality.yaml", "name: s\nkind: lab\nlimits: simulation\nstandin: {reality: bad-reality.yaml}\n");
        Workspace.Write("on-wild-reality.yaml", "name: s\nkind: lab\nlimits: simulation\nstandin: {reality: wild-reality.yaml}\n");
        Workspace.Write("bad-joint.yaml", "name: s\nkind: lab\nlimits: simulation\nstandin: {reality: nominal.yaml}\nhands:\n  right: {command: {joints: [rh_FFJ9]}}\n");
        Workspace.Write("nominal.yaml", "name: nominal\n");
        Workspace.Write("other.pig.txt", "//comment\n0\t0\t1\tC7\t64\t64\t0\t1\n");
        Workspace.Write("bad.pig.txt", "//comment\n0\t0\t1\tC4\t64\t64\t0\t6\n");
        Directory.CreateDirectory(Workspace.PathOf("folder"));
        Bundle = planned.Bundle;
    }

    public Workspace Workspace { get; } = new();

    public string Bundle { get; }

    public void Dispose() => Workspace.Dispose();
}

/// <summary>Bad input: one line that says what is wrong, exit code 2, and nothing written.</summary>
public sealed class RefusalTests(BrokenInput input) : IClassFixture<BrokenInput>
{
    [Theory]
    [InlineData("play nosuchsong --robot sim.yaml", "no song 'nosuchsong'")]
    [InlineData("play missing.mid --robot sim.yaml", "missing.mid: no such file")]
    [InlineData("play empty.mid --robot sim.yaml", "empty.mid, byte 0: the file ends inside the header")]
    [InlineData("play cut.mid --robot sim.yaml", "cut.mid, byte 30: the file ends")]
    [InlineData("play text.mid --robot sim.yaml", "text.mid, byte 0: no 'MThd' header")]
    [InlineData("play outside.mid --robot sim.yaml", "outside.mid: no notes on the piano's keys (dropped 2 notes")]
    [InlineData("plan song.mid --robot sim.yaml --fingering missing.txt", "missing.txt: cannot be read")]
    [InlineData("plan song.mid --robot sim.yaml --fingering bad.pig.txt", "bad.pig.txt:2: finger '6'")]
    [InlineData("plan song.mid --robot sim.yaml --fingering other.pig.txt", "other.pig.txt: fingers for 0 of 5 notes")]
    [InlineData("plan song.mid --robot sim.yaml --write-fingering no/where.txt", "--write-fingering no/where.txt: no such folder")]
    [InlineData("play song.mid --robot missing.yaml", "missing.yaml: cannot be read")]
    [InlineData("play song.mid --robot bad-robot.yaml", "bad-robot.yaml:4: unknown key 'embodyment'")]
    [InlineData("play song.mid --robot bad-joint.yaml", "bad-joint.yaml:6: 'hands.right.command.joints' names 'rh_FFJ9', which the robot lacks")]
    [InlineData("play song.mid --robot on-bad-reality.yaml", "bad-reality.yaml:2: unknown key 'efects'")]
    [InlineData("play song.mid --robot on-wild-reality.yaml", "wild-reality.yaml:2: 'parameters.flexion.gain' is 9, outside 0.3..2")]
    [InlineData("play song.mid --robot sim.yaml --params bad-params.yaml", "bad-params.yaml:1: unknown key 'flexion.gian'")]
    [InlineData("play song.mid --robot sim.yaml --tempo 0", "--tempo 0: must be 0.1..2")]
    [InlineData("play song.mid --robot sim.yaml --tempo quick", "Cannot parse argument 'quick' for option '--tempo'")]
    [InlineData("play song.mid --robot sim.yaml --seconds -1", "--seconds -1: must be above 0")]
    [InlineData("play song.mid --robot sim.yaml --log-file /proc/nothing", "--log-file /proc/nothing: cannot be written")]
    [InlineData("play song.mid --robot sim.yaml --policy folder", "folder: no policy bundle")]
    [InlineData("plan song.mid --robot sim.yaml --seconds NaN", "--seconds NaN: must be above 0")]
    [InlineData("songs show twinkle --stretch 0", "--stretch 0: must be 0.05..20")]
    [InlineData("songs shwo twinkle", "no verb 'shwo'; did you mean 'show'?")]
    [InlineData("plya song.mid", "no verb 'plya'; did you mean 'play'?")]
    [InlineData("replay missing", "missing: there is no such folder")]
    [InlineData("replay folder", "folder: this folder is no run")]
    [InlineData("replay folder --tolerance -1", "--tolerance -1: must be 0 or more")]
    [InlineData("render folder --still 0", "folder: this folder is no run")]
    [InlineData("score", "score needs either")]
    [InlineData("score --truth missing.json --played missing.json", "missing.json: cannot be read")]
    [InlineData("standin --reality bad-reality.yaml", "bad-reality.yaml:2: unknown key 'efects'")]
    [InlineData("standin --domain 200", "--domain 200: must be 0..101")]
    public void IsRefusedInOneLine(string commandLine, string reason) => Refuse(commandLine.Split(' '), reason);

    [Fact]
    public void ABundleForAnotherSongIsRefused() =>
        Assert.Contains("made for other notes", RefuseToPlay("other.mid", "sim.yaml"), StringComparison.Ordinal);

    [Fact]
    public void ABundleForAnotherRobotIsRefusedByTheNameOfTheActuator() =>
        Assert.Matches("actuator [0-9]+ is .*, the robot's is ", RefuseToPlay("song.mid", "reduced.yaml"));

    private void Refuse(string[] arguments, string reason)
    {
        Outcome outcome = input.Workspace.Run([.. arguments, "--json"]).Expect(2);
        string line = Assert.Single(outcome.Errors);
        Assert.StartsWith("legato: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        AssertNothingWritten(outcome, line);
    }

    private string RefuseToPlay(string song, string robot)
    {
        Outcome outcome = input.Workspace.Run("play", song, "--robot", robot, "--policy", input.Bundle, "--json").Expect(2);
        string line = Assert.Single(outcome.Messages);
        AssertNothingWritten(outcome, line);
        return line;
    }

    private void AssertNothingWritten(Outcome outcome, string line)
    {
        JsonObject json = outcome.Json;
        Assert.Equal(line, $"legato: {(string?)json["error"]}");
        Assert.Equal(2, (int)json["exit_code"]!);
        Assert.False(Directory.Exists(input.Workspace.Runs));
        Assert.False(Directory.Exists(input.Workspace.Policies));
    }
}
