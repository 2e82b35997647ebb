using Legato.Sim.Parameters;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Batches;
using Legato.Sim.Tasks.Rigs;

namespace Legato.Tests.Sim.Tasks;

public sealed class BatchedTaskTests(Scenes scenes) : IClassFixture<Scenes>
{
    private const int Slots = 4, Steps = 14;

    [Fact]
    public void BitsDoNotDependOnTheNumberOfThreads()
    {
        PianoTask task = Scenes.EverythingOf(scenes.Full);
        using RigPool rigs = RigPool.Draw(scenes.Full, 6, 0.5, seed: 3);
        long[] one = Play(task, rigs, threads: 1, seed: 1);
        Assert.Equal(one, Play(task, rigs, threads: 2, seed: 1));
        Assert.Equal(one, Play(task, rigs, threads: 5, seed: 1));
        Assert.NotEqual(one, Play(task, rigs, threads: 2, seed: 2));
    }

    [Fact]
    public void SteppingAllocatesNothing()
    {
        PianoTask task = Scenes.EverythingOf(scenes.Full);
        using RigPool rigs = RigPool.Draw(scenes.Full, 3, 0.5, seed: 3);
        foreach (int threads in (int[])[1, 2])
        {
            using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 2, Threads = threads });
            // Every slot meets all of its rigs.
            int episodes = 0;
            while (episodes < 6)
                episodes += Step(batch);
            Assert.Equal(0, Allocations.Fewest(() =>
            {
                int ended = 0;
                while (ended == 0)
                    ended = Step(batch);
            }));
        }

        static int Step(BatchedTask batch)
        {
            batch.Step();
            return batch.Truncated.AsSpan().Count(true) + batch.Terminated.AsSpan().Count(true);
        }
    }

    [Fact]
    public void AnEpisodeThatIsOverStartsAnewAndLeavesItsLastObservation()
    {
        PianoTask task = new(Scenes.Plain, scenes.Full, TaskSong.From(Scenes.Chord));
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 2, Threads = 2 });
        float[] first = [.. batch.Observations], pressing = Scenes.ActionTo(task, scenes.Full, Scenes.Pressing);
        // The second slot keeps its hands up.
        pressing.CopyTo(batch.Actions, 0);
        Scenes.ActionTo(task, scenes.Full, _ => 0).CopyTo(batch.Actions, pressing.Length);
        double[] returns = new double[2];
        for (int t = 0; t < 10; t++)
            Step(ended: false);
        Assert.NotEqual(first, batch.Observations);
        Step(ended: true);

        Assert.Equal(first, batch.Observations);
        var environment = task.NewEnvironment(rigs.Rigs);
        environment.Reset();
        while (!environment.Step(pressing).IsOver)
            continue;
        var last = new float[batch.ObservationSize];
        environment.Observe(last);
        Assert.Equal(last, batch.TerminalObservations[..last.Length]);
        Assert.Equal(Scenes.Pressed.Length, task.Observations.Layout.Slice(last, "piano/keys").ToArray().Sum());
        Assert.Equal(environment.Episode, batch.Episodes[0]);
        Assert.Equal(environment.TermSums.ToArray(), batch.TermSums[..1]);
        environment.Dispose();

        Assert.Equal(returns, batch.Episodes.Select(e => e.Return), (a, b) => Math.Abs(a - b) < 1e-5);
        // Pressing nothing is right in the three silent steps alone.
        Assert.Equal(3.0 / 11, batch.Episodes[1].Keys.F1, 1e-9);
        Assert.True(batch.Episodes[0].Keys.F1 > 0.5);
        Assert.Equal(22, batch.EnvSteps);

        void Step(bool ended)
        {
            batch.Step();
            Assert.Equal([ended, ended], batch.Truncated);
            Assert.Equal([false, false], batch.Terminated);
            for (int e = 0; e < 2; e++)
                returns[e] += batch.Rewards[e];
        }
    }

    [Fact]
    public void EverySlotCyclesOverItsOwnRigs()
    {
        PianoTask task = new(Scenes.Plain with { MaxSteps = 1 }, scenes.Full, Scenes.Song);
        using RigPool rigs = RigPool.Draw(scenes.Full, 5, 0.4, seed: 9);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 2, Threads = 2 });
        var order = new List<(int, int)>();
        var seen = new List<string>();
        for (int t = 0; t < 6; t++)
        {
            batch.Actions.AsSpan().Fill(0.3f);
            batch.Step();
            order.Add((batch.Episodes[0].Rig, batch.Episodes[1].Rig));
            seen.Add(string.Join(' ', batch.TerminalObservations));
        }
        // Rigs 0, 2, 4 and 1, 3.
        Assert.Equal([(0, 0), (1, 1), (2, 0), (0, 1), (1, 0), (2, 1)], order);
        Assert.Equal(6, seen.Distinct().Count());
        Assert.Equal(rigs.Rigs, rigs.ShareOf(0, 2).Concat(rigs.ShareOf(1, 2)).OrderBy(r => rigs.Rigs.ToList().IndexOf(r)));
        Assert.Equal([rigs.Rigs[1]], rigs.ShareOf(6, 8));
    }

    [Fact]
    public void EpisodesStartAnywhereInTheirShareOfCases()
    {
        PianoTask task = new(Scenes.Plain with { RandomStart = 0.5, MaxSteps = 1 }, scenes.Full, TaskSong.From(Scenes.Chord), Scenes.Hold(scenes.Full, 11, Scenes.Pressing));
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 4, Seed = 7 });
        var starts = new List<int>();
        for (int t = 0; t < 30; t++)
        {
            batch.Step();
            starts.AddRange(batch.Episodes.Select(e => e.Start));
        }
        // A half, and an eleventh of the other half.
        Assert.InRange(starts.Count(s => s == 0), 45, 85);
        Assert.Equal(Enumerable.Range(0, 11), starts.Distinct().Order());
    }

    [Fact]
    public void ResetStartsEverySlotAnew()
    {
        PianoTask task = new(Scenes.Plain, scenes.Full, Scenes.Song);
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 2 });
        float[] first = [.. batch.Observations];
        batch.Actions.AsSpan().Fill(0.5f);
        batch.Step();
        Assert.NotEqual(first, batch.Observations);
        batch.Reset();
        Assert.Equal(first, batch.Observations);
        Assert.Equal([0f, 0f], batch.Rewards);
    }

    [Fact]
    public void StaggeredSlotsAreSpreadOverTheSong()
    {
        PianoTask task = new(Scenes.Plain, scenes.Full, TaskSong.From(Scenes.Chord));
        using RigPool rigs = Scenes.Rigs(scenes.Full, SimParameters.Nominal);
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = 4, Staggered = true });
        int length = task.Song.Steps;
        Assert.Equal(11, length);
        // Once to begin with, once more after a reset.
        for (int round = 0; round < 2; round++)
        {
            var ends = new List<(int Slot, int Step, int Length)>();
            for (int t = 1; t <= 2 * length; t++)
            {
                batch.Step();
                Assert.Equal([false, false, false, false], batch.Terminated);
                ends.AddRange(Enumerable.Range(0, 4).Where(e => batch.Truncated[e]).Select(e => (e, t, batch.Episodes[e].Steps)));
            }
            Assert.Equal([(0, 2, 2), (1, 5, 5), (2, 8, 8), (3, 11, 11), (0, 13, 11), (1, 16, 11), (2, 19, 11), (3, 22, 11)], ends);
            batch.Reset();
        }
    }

    [Fact]
    public void ARigThatDoesNotFitIsReportedFromWhicheverThread()
    {
        PianoTask task = new(Scenes.Plain, scenes.Full, Scenes.Song);
        using RigPool rigs = Scenes.Rigs(scenes.Reduced, SimParameters.Nominal);
        Assert.Throws<ArgumentException>(() => new BatchedTask(task, rigs, new BatchOptions { Slots = 3, Threads = 3 }));
    }

    // All that a learner sees.
    private static long[] Play(PianoTask task, RigPool rigs, int threads, ulong seed)
    {
        using var batch = new BatchedTask(task, rigs, new BatchOptions { Slots = Slots, Threads = threads, Seed = seed });
        var bits = new List<long>();
        int ended = 0;
        for (int t = 0; t < Steps; t++)
        {
            Keep(batch.Observations);
            Scenes.Fill(batch.Actions, t);
            batch.Step();
            Keep(batch.Rewards);
            Keep(batch.TerminalObservations);
            bits.AddRange(batch.TermSums.Select(BitConverter.DoubleToInt64Bits));
            bits.AddRange(batch.Episodes.Select(e => (long)e.GetHashCode()));
            ended += batch.Truncated.Count(over => over);
        }
        Assert.True(ended >= Slots, $"{ended} episodes ended");
        return [.. bits];

        void Keep(float[] values) => bits.AddRange(values.Select(v => (long)BitConverter.SingleToInt32Bits(v)));
    }
}
