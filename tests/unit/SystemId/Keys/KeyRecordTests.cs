using Legato.Music;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;
using Legato.SystemId.Keys;
using Legato.SystemId.Rollouts;
using Legato.Tests.SystemId.Rollouts;

namespace Legato.Tests.SystemId.Keys;

public sealed class KeyRecordTests
{
    [Fact]
    public void EventsThatCannotBeAreRefusedAndThePedalIsNoKey()
    {
        using PianoScene scene = PianoScene.Build(new SceneOptions { Contacts = ContactSet.HandKey });
        MotionRecord motion = RecordedRig.Play(scene, SimParameters.Nominal, 0.7, (_, _) => 0);
        Assert.Equal([new(0.1, 3, true)], new KeyRecord(motion, [new(0.05, TimedKeyEvent.Pedal, true), new(0.1, 3, true)]).Events);
        Assert.Contains("key 88", Assert.Throws<InputException>(() => new KeyRecord(motion, [new(0.1, 88, true)])).Message, StringComparison.Ordinal);
        Assert.Contains("order", Assert.Throws<InputException>(() => new KeyRecord(motion, [new(0.2, 3, true), new(0.1, 3, false)])).Message, StringComparison.Ordinal);
        Assert.Contains("order", Assert.Throws<InputException>(() => new KeyRecord(motion, [new(double.NaN, 3, true)])).Message, StringComparison.Ordinal);
        // What is heard while the first segment settles cannot be compared.
        Assert.Contains("no key", Assert.Throws<InputException>(() => new KeyReplay(scene, new KeyRecord(motion, [new(0.3, 3, true)]))).Message, StringComparison.Ordinal);
    }
}
