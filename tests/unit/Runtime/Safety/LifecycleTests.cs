using Legato.Runtime.Safety;

namespace Legato.Tests.Runtime.Safety;

public class LifecycleTests
{
    // Rows: from; columns: to, both in the order of the enumeration (Off .. Faulted).
    private static readonly string[] Matrix =
    [
        ".x.....xx", // Off
        "..x....xx", // Connected
        "...x...xx", // Checked
        "....x..xx", // Armed
        ".....xx..", // Homing
        "......x..", // Playing
        ".......xx", // Lifting
        ".........", // Stopped
        ".........", // Faulted
    ];

    public static TheoryData<RunState, RunState> Pairs()
    {
        var pairs = new TheoryData<RunState, RunState>();
        foreach (RunState from in Enum.GetValues<RunState>())
        {
            foreach (RunState to in Enum.GetValues<RunState>())
                pairs.Add(from, to);
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Exactly_the_transitions_of_the_table_are_possible(RunState from, RunState to)
    {
        Lifecycle life = At(from);
        int before = life.History.Length;
        if (Matrix[(int)from][(int)to] == 'x')
        {
            RunTransition transition = life.Enter(to, RunCause.StaleState, 42);
            Assert.Equal(new RunTransition(from, to, RunCause.StaleState, 42), transition);
            Assert.Equal(to, life.State);
            Assert.Equal(transition, life.History[^1]);
        }
        else
        {
            var e = Assert.Throws<InvalidOperationException>(() => life.Enter(to, RunCause.Completed, 0));
            Assert.Equal($"a run cannot go from {from} to {to}", e.Message);
            Assert.Equal(from, life.State);
            Assert.Equal(before, life.History.Length);
        }
    }

    [Fact]
    public void Playing_is_reached_through_checking_arming_and_homing_alone()
    {
        foreach (RunState from in Enum.GetValues<RunState>())
            Assert.Equal(from == RunState.Homing, Lifecycle.Legal.Contains((from, RunState.Playing)));
        foreach (RunState from in Enum.GetValues<RunState>())
            Assert.Equal(from == RunState.Armed, Lifecycle.Legal.Contains((from, RunState.Homing)));
    }

    [Fact]
    public void What_has_moved_ends_through_the_lift_alone()
    {
        foreach (RunState moving in (RunState[])[RunState.Homing, RunState.Playing])
        {
            Assert.DoesNotContain(Lifecycle.Legal, t => t == (moving, RunState.Stopped));
            Assert.DoesNotContain(Lifecycle.Legal, t => t == (moving, RunState.Faulted));
        }
    }

    private static Lifecycle At(RunState state)
    {
        var life = new Lifecycle();
        RunState[] path = state switch
        {
            RunState.Faulted => [RunState.Faulted],
            _ => [.. Enum.GetValues<RunState>().Where(s => s > RunState.Off && s <= state)],
        };
        foreach (RunState step in path)
            life.Enter(step, RunCause.Completed, 0);
        return life;
    }
}
