using FsCheck;
using FsCheck.Fluent;
using Legato.Music;

namespace Legato.Tests.Music;

public class KeyRollTests
{
    private const double Dt = 0.05;

    [Fact]
    public void A_step_has_the_key_state_at_its_end()
    {
        KeyRoll roll = KeyRoll.FromEvents(
            [new(0.05, 10, true), new(0.15, 10, false), new(0.16, 11, true), new(0.19, 11, false), new(0.21, TimedKeyEvent.Pedal, true)], 5, Dt);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(i => roll[i, 10]));
        Assert.DoesNotContain(true, Enumerable.Range(0, 5).Select(i => roll[i, 11]));
        Assert.Equal<byte>([0, 0, 0, 0, 1], roll.Sustain.ToArray());
    }

    [Fact]
    public void Events_at_the_border_of_late_steps_are_not_lost_to_rounding()
    {
        // Time as a simulator keeps it, ten substeps of 5 ms to a step.
        const int Steps = 20_000;
        var events = new List<TimedKeyEvent>();
        double time = 0;
        for (int i = 1; i <= 10 * Steps; i++)
        {
            time += 0.005;
            if (i % 10 == 0)
                events.Add(new TimedKeyEvent(time, 5, i % 20 == 10));
        }
        KeyRoll roll = KeyRoll.FromEvents(events, Steps, Dt);
        Assert.All(Enumerable.Range(0, Steps), i => Assert.Equal(i % 2 == 0, roll[i, 5]));
    }

    [Fact]
    public void The_first_step_may_start_anywhere_and_what_was_down_before_it_is_down()
    {
        KeyRoll roll = KeyRoll.FromEvents([new(-3, 1, true), new(100.06, 1, false)], 2, Dt, t0: 100);
        Assert.True(roll[0, 1]);
        Assert.False(roll[1, 1]);
    }

    [Fact]
    public void Sampling_agrees_with_asking_each_key_at_each_step()
    {
        var events = (from time in Gen.Choose(0, 200)
                      from key in Gen.Choose(-1, 3)
                      from down in ArbMap.Default.GeneratorFor<bool>()
                      select new TimedKeyEvent(time * 0.01, key, down)).ListOf();
        Prop.ForAll(events.ToArbitrary(), list =>
        {
            KeyRoll roll = KeyRoll.FromEvents(list, 40, Dt);
            bool Down(int step, int key) => list.Where(e => e.Key == key && e.Time <= ((step + 1) * Dt) + 1e-6).OrderBy(e => e.Time).Select(e => e.Down).LastOrDefault();
            return Enumerable.Range(0, 40).All(i => Enumerable.Range(0, 4).All(k => roll[i, k] == Down(i, k)) && roll.Sustain[i] == 1 == Down(i, TimedKeyEvent.Pedal));
        }).Holds();
    }

    [Fact]
    public void Onsets_are_where_keys_appear()
    {
        KeyRoll roll = KeyRoll.Create(Dt, [[3], [3, 5], [], [3]]);
        Assert.Equal([new Onset(0, 3), new Onset(0.05, 5), new Onset(3 * 0.05, 3)], roll.Onsets());
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("")]
    public void Json_has_the_contract_s_form_in_every_culture(string culture)
    {
        using var _ = new Culture(culture);
        const string Json = """{"dt":0.05,"n_steps":3,"steps":[[39],[39,43],[]],"sustain":[0,1,1]}""";
        KeyRoll roll = KeyRoll.Create(Dt, [[39], [43, 39], []], [0, 1, 1]);
        Assert.Equal(Json, roll.ToJson());
        Assert.Equal(Json, KeyRoll.FromJson(Json, "a.json").ToJson());
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("null", "expected {")]
    [InlineData("{}", "expected {")]
    [InlineData("""{"dt":0,"steps":[]}""", "expected {")]
    [InlineData("""{"dt":0.05,"steps":[null]}""", "expected {")]
    [InlineData("""{"dt":0.05,"n_steps":2,"steps":[[]]}""", "n_steps is 2, but there are 1 steps")]
    [InlineData("""{"dt":0.05,"steps":[[]],"sustain":[]}""", "1 steps but 0 sustain values")]
    [InlineData("""{"dt":0.05,"steps":[[],[3,88]]}""", "step 1: key 88; expected 0..87")]
    public void Bad_json_is_explained_in_one_line(string json, string message)
    {
        InputException e = Assert.Throws<InputException>(() => KeyRoll.FromJson(json, "a.json"));
        Assert.StartsWith("a.json", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Resizing_cuts_or_adds_silence()
    {
        KeyRoll roll = KeyRoll.Create(Dt, [[1], [2]], [1, 1]);
        Assert.Equal(1, roll.Resize(1).Count);
        Assert.Equal(UInt128.Zero, roll.Resize(3).Steps[2]);
        Assert.Equal<byte>([1, 1, 0], roll.Resize(3).Sustain.ToArray());
    }

    [Fact]
    public void Keys_off_the_keyboard_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KeyRoll.Create(Dt, [[88]]));
        Assert.Throws<ArgumentException>(() => KeyRoll.Create(Dt, [[1]], []));
        Assert.Throws<ArgumentException>(() => KeyRoll.FromEvents([new(0, 90, true)], 1));
    }
}
