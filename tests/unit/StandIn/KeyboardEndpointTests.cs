using FsCheck;
using FsCheck.Fluent;

using Legato.Music;
using Legato.RobotDriver;
using Legato.RobotDriver.StandIn;

using SerialPorts;

namespace Legato.Tests.StandIn;

public sealed class KeyboardEndpointTests
{
    private static Arbitrary<KeyEvent[]> AnyKeys() =>
        Gen.ArrayOf(
            from key in Gen.Choose(0, 87)
            from down in ArbMap.Default.GeneratorFor<bool>()
            from velocity in Gen.Choose(1, 127)
            select new KeyEvent((byte)key, down, (byte)velocity, 0)).ToArbitrary();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsPlayedIsWhatIsHeard(bool runningStatus)
    {
        using var keyboard = new KeyboardEndpoint(new RigWiring { RunningStatus = runningStatus });
        using SerialPort port = Open(keyboard);
        var parser = new LiveMidiParser();
        Prop.ForAll(AnyKeys(), keys =>
        {
            foreach (KeyEvent key in keys)
            {
                keyboard.KeepAlive();
                keyboard.Send(key);
                LiveMidiEvent heard = Next(port, parser);
                Assert.Equal(key.Down ? LiveMidiEventType.NoteOn : LiveMidiEventType.NoteOff, heard.Type);
                Assert.Equal((key.Key + 21, key.Velocity), (heard.Number, heard.Value));
            }
        }).Holds();
        Assert.Equal(0, parser.Lost);
    }

    [Fact]
    public void NoteOffsAreTrueOnesAndRunningStatusSavesBytes()
    {
        Assert.Equal([0x90, 60, 10, 0x90, 62, 11, 0x80, 60, 12], Bytes(runningStatus: false));
        Assert.Equal([0x90, 60, 10, 62, 11, 0x80, 60, 12], Bytes(runningStatus: true));

        static byte[] Bytes(bool runningStatus)
        {
            using var keyboard = new KeyboardEndpoint(new RigWiring { RunningStatus = runningStatus });
            using SerialPort port = Open(keyboard);
            keyboard.Send(new KeyEvent(39, true, 10, 0));
            keyboard.Send(new KeyEvent(41, true, 11, 0));
            keyboard.Send(new KeyEvent(39, false, 12, 0));
            keyboard.KeepAlive();
            var received = new List<byte>();
            byte[] one = new byte[1];
            while (port.Read(one) == 1 && one[0] != 0xFE)
                received.Add(one[0]);
            return [.. received];
        }
    }

    [Fact]
    public void ThePedalFollowsController64()
    {
        using var keyboard = new KeyboardEndpoint(new RigWiring());
        using SerialPort port = Open(keyboard);
        port.Write([0xB0, 64, 127]);
        Assert.True(SpinWait.SpinUntil(() => keyboard.PedalDown, TimeSpan.FromSeconds(10)));
        // Another controller, then half a pedal by running status.
        port.Write([0xB0, 1, 0, 64, 63]);
        Assert.True(SpinWait.SpinUntil(() => !keyboard.PedalDown, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void ACableThatNobodyReadsHoldsNobodyUp()
    {
        using var keyboard = new KeyboardEndpoint(new RigWiring());
        for (int i = 0; i < 100_000; i++)
            keyboard.Send(new KeyEvent(40, i % 2 == 0, 64, 0));
    }

    private static SerialPort Open(KeyboardEndpoint keyboard)
    {
        var port = new SerialPort(keyboard.Path, 31250) { ReadTimeout = 10_000 };
        port.Open();
        return port;
    }

    private static LiveMidiEvent Next(SerialPort port, LiveMidiParser parser)
    {
        byte[] one = new byte[1];
        while (true)
        {
            port.Read(one);
            if (parser.TryParse(one[0], 0, out LiveMidiEvent e))
                return e;
        }
    }
}
