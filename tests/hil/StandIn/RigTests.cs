using System.Text.Json;

using Legato.RobotDriver.StandIn;

using SerialPorts;

namespace Legato.Tests.StandIn;

[Collection(RigCollection.Name)]
public sealed class RigTests
{
    [Fact]
    public async Task SaysInOneLineWhereItsDevicesAre()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync(Reality.Nominal with { Name = "a name" });
        JsonElement line = JsonDocument.Parse(await rig.Ready).RootElement;

        Assert.Equal(["ready", "domain", "devices", "reality"], line.EnumerateObject().Select(p => p.Name));
        Assert.True(line.GetProperty("ready").GetBoolean());
        Assert.Equal(rig.Domain, line.GetProperty("domain").GetInt32());
        Assert.Equal("a name", line.GetProperty("reality").GetString());
        Assert.Equal(["rail-right", "rail-left", "keyboard"], rig.Devices.EnumerateObject().Select(p => Path.GetFileName(p.Value.GetString())));
    }

    [Fact]
    public async Task RailsGoWhereTheyAreTold()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync(Reality.Nominal with { Wiring = new RigWiring { MetresPerTurn = 0.05, RailSign = -1 } });
        SerialPort right = rig.Open("rail_right"), left = rig.Open("rail_left");

        // Turns of 5 cm, backwards: the right hand 15 cm to the right, the left hand's depth axis 5 cm forwards.
        right.WriteLine("q 0 -3");
        left.WriteLine("t 1 -1");
        Until(right, "f 0", turns => Math.Abs(turns + 3) < 0.02);
        Until(left, "f 1", turns => Math.Abs(turns + 1) < 0.02);
        Until(right, "f 1", turns => Math.Abs(turns) < 0.02);
    }

    [Fact]
    public async Task ARailThatWasLetGoStaysAndMovesAgainOnceHeld()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();
        SerialPort rail = rig.Open("rail_right");

        Assert.Equal("8", Ask(rail, "r axis0.current_state"));
        rail.WriteLine("w axis0.requested_state 1");
        Assert.Equal("1", Ask(rail, "r axis0.current_state"));
        rail.WriteLine("t 0 4");
        Assert.Equal("unknown command", Ask(rail, "hello"));
        rail.WriteLine("w axis0.requested_state 8");
        rail.WriteLine("t 0 2");
        Until(rail, "f 0", turns => Math.Abs(turns - 2) < 0.02);
    }

    [Fact]
    public async Task EndsWhenItsParentDoesAndTakesItsLinksAway()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();
        string link = rig.Devices.GetProperty("keyboard").GetString()!;
        Assert.NotNull(new FileInfo(link).LinkTarget);

        rig.CloseParentPipe();
        await rig.Ended.WaitAsync(RunningStandIn.Patience, TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(Path.GetDirectoryName(link)));
    }

    [Fact]
    public async Task ADomainHasOneStandIn()
    {
        await using RunningStandIn rig = await RunningStandIn.StartAsync();

        InputException refusal = await Assert.ThrowsAsync<InputException>(() => RunningStandIn.StartAsync(rig.Domain));

        Assert.Contains($"domain {rig.Domain} already has a stand-in", refusal.Message, StringComparison.Ordinal);
        Assert.False(rig.Ended.IsCompleted);
    }

    private static string Ask(SerialPort port, string question)
    {
        port.WriteLine(question);
        return port.ReadLine();
    }

    private static void Until(SerialPort port, string question, Func<double, bool> condition)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        string answer = "";
        while (System.Diagnostics.Stopwatch.GetElapsedTime(start) < RunningStandIn.Patience)
        {
            answer = Ask(port, question);
            if (condition(double.Parse(answer.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)))
                return;
        }
        Assert.Fail($"'{question}' ended with {answer}");
    }
}
