using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Legato.RobotDriver;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using static Legato.Tests.RobotDriver.Lab.PluggedDevice;

namespace Legato.Tests.RobotDriver.Lab;

[Collection(RealTimeCollection.Name)]
public sealed class MidiKeyboardTests : IDisposable
{
    private readonly PluggedDevice _device = new();
    private readonly List<KeyEvent> _events = [];
    private MidiKeyboard? _keyboard;

    public void Dispose()
    {
        _keyboard?.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void ReadsRunningStatusWithRealTimeBytesInside()
    {
        Connect();
        _device.Terminal.Write([0x90, 60, 0xFE, 100, 64, 0xF8, 90, 60, 0, 0x80, 64, 33]);

        Assert.Equal([(39, true, 100), (43, true, 90), (39, false, 0), (43, false, 33)], Keys(4));
    }

    [Fact]
    public void HowTheBytesAreCutMakesNoDifference()
    {
        MidiKeyboard keyboard = Connect();
        byte[] song = [0x90, 60, 100, 64, 90, 0x80, 60, 0, 64, 0];
        (int, bool, int)[] expected = [(39, true, 100), (43, true, 90), (39, false, 0), (43, false, 0)];
        Prop.ForAll(Gen.ListOf(Gen.Choose(1, song.Length - 1)).ToArbitrary(), cuts =>
        {
            _events.Clear();
            int from = 0;
            foreach (int cut in cuts.Distinct().Order().Append(song.Length))
            {
                _device.Terminal.Write(song.AsSpan(from..cut));
                from = cut;
            }
            return Keys(4).SequenceEqual(expected);
        }).Holds(30);
        Assert.Equal(0, keyboard.Loss.Lost);
    }

    [Fact]
    public void StampsAreOfTheMonotonicClockLessTheLatency()
    {
        Connect(settings => settings with { Latency = TimeSpan.FromMilliseconds(50) });
        long before = Stopwatch.GetTimestamp();
        _device.Terminal.Write([0x90, 60, 100]);
        Keys(1);
        Assert.InRange(_events[0].Stamp + 50_000_000, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void KeysBeyondThePianoAndNotesThatAreUpAlreadyAreNothing()
    {
        Connect(settings => settings with { FirstNote = 36 });
        _device.Terminal.Write([0x90, 35, 1, 36, 2, 123, 3, 124, 4, 0x80, 50, 0, 36, 5]);
        Assert.Equal([(0, true, 2), (87, true, 3), (0, false, 5)], Keys(3));
    }

    [Fact]
    public void AllNotesOffReleasesEveryKeyWithoutLoss()
    {
        MidiKeyboard keyboard = Connect();
        _device.Terminal.Write([0x90, 60, 1, 62, 1, 0xB0, 123, 0]);
        Assert.Equal([(39, true), (41, true), (39, false), (41, false)], Keys(4).Select(key => (key.Item1, key.Item2)));
        Assert.Equal(0, keyboard.Loss.Lost);
    }

    [Fact]
    public void AnUnpluggedKeyboardReleasesItsKeysAndComesBack()
    {
        MidiKeyboard keyboard = Connect();
        _device.Terminal.Write([0x90, 60, 100]);
        Keys(1);

        _device.Unplug();
        Assert.Equal((39, false, 0), Keys(2)[1]);
        Assert.Equal(1, keyboard.Loss.Lost);
        Assert.False(keyboard.TrySend([0xB0, 64, 127]));

        _device.PlugIn();
        Eventually(() => keyboard.Session == 2, "it is opened again");
        _device.Terminal.Write([0x90, 61, 100]);
        Assert.Equal((40, true, 100), Keys(3)[2]);
    }

    [Fact]
    public void SilenceReleasesTheKeysOfAKeyboardThatPromisedToTalk()
    {
        MidiKeyboard keyboard = Connect(settings => settings with { ActiveSensing = true });
        var notices = new System.Collections.Concurrent.ConcurrentQueue<string>();
        keyboard.Notice += notices.Enqueue;
        _device.Terminal.Write([0x90, 60, 100]);

        Assert.Equal((39, false, 0), Keys(2)[1]);
        Assert.True(_events[1].Stamp - _events[0].Stamp >= 600_000_000);
        Eventually(() => notices.Any(text => text.Contains("silent although it sends active sensing", StringComparison.Ordinal)), "people are told");
    }

    [Fact]
    public void AKeyThatNeverComesUpIsReleased()
    {
        MidiKeyboard keyboard = Connect(settings => settings with { StuckAfter = TimeSpan.FromMilliseconds(1) });
        _device.Terminal.Write([0x90, 60, 100]);
        Keys(1);
        Assert.True(SpinWait.SpinUntil(() => Stopwatch.GetTimestamp() - _events[0].Stamp > 2_000_000, Patience));
        _device.Terminal.Write([0xFE]);

        Assert.Equal((39, false, 0), Keys(2)[1]);
        Assert.Equal(1, keyboard.Loss.Lost);
    }

    [Fact]
    public void AKeyboardThatShouldTalkIsNotReadyUntilItDoes()
    {
        _keyboard = new MidiKeyboard(Settings with { ActiveSensing = true }, new Timeouts(), TimeProvider.System);
        _keyboard.Start();
        Eventually(() => _keyboard.Session == 1, "it is open");
        Assert.Contains("open, but silent", _keyboard.Missing, StringComparison.Ordinal);
        Assert.False(_keyboard.Ready.IsCompleted);

        _device.Terminal.Write([0xFE]);
        Eventually(() => _keyboard.Ready.IsCompleted, "it is ready");
    }

    [Fact]
    public void AMissingDeviceIsExplained()
    {
        _device.Unplug();
        _keyboard = new MidiKeyboard(Settings, new Timeouts(), TimeProvider.System);
        _keyboard.Start();
        Eventually(() => _keyboard.Missing.Contains("No such file or directory", StringComparison.Ordinal), "the reason is known");
        Assert.StartsWith($"keyboard on {_device.Path}: ", _keyboard.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePedalIsSentOnChangesAndAfterEveryConnection()
    {
        MidiKeyboard keyboard = Connect();
        var pedal = new SustainPedal(new PedalSettings(true, 2), keyboard);
        foreach (double position in (double[])[0, 0.2, 0.5, 1, 1, 0])
            pedal.Write(position);
        byte[] received = new byte[9];
        for (int count = 0; count < received.Length;)
            count += _device.Terminal.Read(received.AsSpan(count), Patience);
        Assert.Equal([0xB2, 64, 0, 0xB2, 64, 127, 0xB2, 64, 0], received);

        _device.Unplug();
        Eventually(() => keyboard.Session == 0, "it is gone");
        pedal.Write(0);
        Assert.Equal(new StreamLoss("pedal", 3, 1), pedal.Loss);
        _device.PlugIn();
        Eventually(() => keyboard.Session == 2, "it is back");
        pedal.Write(0);
        Assert.Equal(3, _device.Terminal.Read(received, Patience));
        Assert.Equal(4, pedal.Loss.Received);
    }

    [Fact]
    public void ADisabledPedalSendsNothing()
    {
        MidiKeyboard keyboard = Connect();
        var pedal = new SustainPedal(new PedalSettings(false, 0), keyboard);
        pedal.Write(1);
        Assert.Equal(new StreamLoss("pedal", 0, 0), pedal.Loss);
    }

    private KeyboardSettings Settings => new()
    {
        Path = _device.Path,
        IsRawMidi = false,
        Baud = 31250,
        FirstNote = 21,
        Latency = TimeSpan.Zero,
        ActiveSensing = false,
        StuckAfter = TimeSpan.Zero,
    };

    private MidiKeyboard Connect(Func<KeyboardSettings, KeyboardSettings>? change = null)
    {
        _keyboard = new MidiKeyboard(change?.Invoke(Settings) ?? Settings, new Timeouts(), TimeProvider.System);
        _keyboard.Start();
        Eventually(() => _keyboard.Session == 1, "it is open");
        _device.Terminal.Write([0xFE]);
        Eventually(() => _keyboard.Ready.IsCompleted, "it is ready");
        return _keyboard;
    }

    private List<(int, bool, int)> Keys(int count)
    {
        Eventually(() =>
        {
            while (_keyboard!.TryRead(out KeyEvent key))
                _events.Add(key);
            return _events.Count >= count;
        }, $"{count} key events came");
        return [.. _events.Select(key => ((int)key.Key, key.Down, (int)key.Velocity))];
    }
}
