using FsCheck;
using FsCheck.Fluent;
using Legato.Policy;
using Legato.Policy.Feedback;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Policy.Robustness;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy.Feedback;

/// <summary>Keeping time by ear, on a rig whose fingers are where the plan was some time ago, and in the simulator.</summary>
public sealed class PlayingFeedbackTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 10, Between = 9, Notes = 24, Length = 5, Rows = LeadIn + (Notes * Between) + 20;

    private const int Right = 0, RightHand = 1, Left = 2, LeftHand = 3;

    private static readonly FingerSite[] Fingers = [new(HandSide.Right, 1, 0, 0), new(HandSide.Left, 1, 0, 0)];

    // A finger of each hand has its own notes, on its own keys, one after the other.
    private static readonly FingeredPress[] Song =
        [.. Enumerable.Range(0, 2).SelectMany(f => Enumerable.Range(0, Notes).Select(i => new FingeredPress(new KeyPress((f == 0 ? 50 : 20) + (i % 4), i * Between, (i * Between) + Length), f)))];

    private static readonly Gen<double> Delays = Gen.Choose(0, 200).Select(i => 0.01 * i);

    [Fact]
    public void WhereAllIsInTimeThePlanIsPlayedRowByRow()
    {
        Performance heard = Play(0, 0);
        Assert.All(Enumerable.Range(0, Rows), t => Assert.All(heard.Commanded[t], row => Assert.Equal(t, row)));
    }

    [Fact]
    public void AHandThatIsLateIsCommandedEarlierAndTheOtherIsNot() => Prop.ForAll(Delays.ToArbitrary(), delay =>
    {
        Performance heard = Play(delay, delay);
        Assert.All(heard.Late(0, release: false).Skip(Notes / 2), late => Assert.Equal(0, late));
        Assert.All(heard.Late(0, release: true).Skip(Notes / 2), late => Assert.Equal(0, late));
        Assert.Equal((Math.Ceiling(delay), Math.Ceiling(delay)), (heard.Player.OnsetLead(HandSide.Right), heard.Player.ReleaseLead(HandSide.Right)));
        // Wrist and carriage go along.
        Assert.Equal(Math.Min(Rows - 1, Rows - 1 + delay), heard.Commanded[^1][RightHand], 1e-9);
        Assert.All(Enumerable.Range(0, Rows), t => Assert.Equal((t, t), (heard.Commanded[t][Left], heard.Commanded[t][LeftHand])));
    }).Holds();

    [Fact]
    public void FingersThatStrikeLateButLetGoInTimeStrikeEarlier() => Prop.ForAll(Delays.ToArbitrary(), delay =>
    {
        Performance heard = Play(delay, 0);
        Assert.All(heard.Late(0, release: false).Skip(Notes / 2), late => Assert.Equal(0, late));
        Assert.All(heard.Late(0, release: true), late => Assert.Equal(0, late));
        Assert.All(Enumerable.Range(0, Rows), t => Assert.Equal(t, heard.Commanded[t][RightHand]));
        // The finger never goes back in its plan.
        Assert.All(heard.Commanded.Zip(heard.Commanded.Skip(1)), pair => Assert.True(pair.Second[Right] >= pair.First[Right]));
    }).Holds();

    [Fact]
    public void WhateverIsHeardTheHandsStayNearTheirPlan() => Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 87), Rows).ToArbitrary(), keys =>
    {
        var player = new PlayingFeedback(Table(), Song, LeadIn, Fingers);
        var targets = new double[4];
        double before = 0;
        for (int t = 0; t < Rows; t++)
        {
            player.Act(t, t == 0 ? 0 : UInt128.One << keys[t - 1], [], 0, targets);
            Assert.All(targets, row => Assert.InRange(row, Math.Max(0, t - PlayingFeedback.LongestLag - 1e-9), t + PlayingFeedback.LongestLead + 1e-9));
            Assert.True(Math.Abs(targets[RightHand] - Math.Min(before + 1, Rows - 1)) <= PlayingFeedback.Pace + 1e-9 || t == 0, $"{before} to {targets[RightHand]} at {t}");
            before = targets[RightHand];
        }
    }).Holds();

    [Fact]
    public void KeysThatNobodyPlaysSayNothing()
    {
        var player = new PlayingFeedback(Table(), Song, LeadIn, Fingers);
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
            player.Act(t, UInt128.One << (60 + (t % 20)), [], 0, targets);
        Assert.All(Enum.GetValues<HandSide>(), side => Assert.Equal((0, 0), (player.OnsetLead(side), player.ReleaseLead(side))));
    }

    [Fact]
    public void AKeyThatIsStruckAgainAtOnceIsNotLetGoOfLater()
    {
        // Eight presses of one key without a step between them.
        FingeredPress[] song = [.. Enumerable.Range(0, 8).Select(i => new FingeredPress(new KeyPress(50, 4 * i, (4 * i) + 4), 0))];
        var player = new PlayingFeedback(Table(), song, LeadIn, Fingers);
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
        {
            // Each is heard a step late.
            player.Act(t, t - 1 < LeadIn || (t - 1 - LeadIn) % 4 == 0 ? 0 : UInt128.One << 50, [], 0, targets);
            Assert.True(targets[Right] <= t + player.OnsetLead(HandSide.Right) + 1e-9);
            if (t > LeadIn + 4)
                Assert.Equal(t, targets[Right], 1e-9);
        }
    }

    [Fact]
    public void TheFirstStepBeginsAnewAndNothingIsAllocated()
    {
        PlayingFeedback player = Play(1, 1).Player;
        Assert.Equal(1, player.OnsetLead(HandSide.Right));
        var targets = new double[4];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int t = 0; t < Rows; t++)
                player.Act(t, (UInt128)(uint)t << 20, [], 0, targets);
        }));
        player.Act(0, 0, [], 0, targets);
        Assert.All(Enum.GetValues<HandSide>(), side => Assert.Equal((0, 0), (player.OnsetLead(side), player.ReleaseLead(side))));
    }

    [Fact]
    public void InTheSimulatorALateRigIsPlayedBetterAndAnotherTheSame()
    {
        SongPlan plan = rig.Plan(Rig.Melody);
        using PerturbedRig same = new(rig.Scene, SimParameters.Nominal), late = new(rig.Scene, Rig.LateByOneStep);
        Assert.Equal(plan.Score, same.Play(plan with { Feedback = true }, Rig.Melody.ToKeyRoll()));
        double deaf = late.Play(plan, Rig.Melody.ToKeyRoll()).F1, byEar = late.Play(plan with { Feedback = true }, Rig.Melody.ToKeyRoll()).F1;
        Assert.True(1 - byEar < 0.7 * (1 - deaf), $"{deaf} and {byEar}");
    }

    // Targets are the numbers of the rows that they come from.
    private static CommandTable Table()
    {
        var table = new CommandTable(new JointLayout(["rh_A_FFJ3", "rh_A_WRJ1", "lh_A_FFJ3", "lh_A_WRJ1"], [.. Enumerable.Repeat(JointUnit.Radian, 4)]), Rows);
        for (int t = 0; t < Rows; t++)
            table[t].Fill(t);
        return table;
    }

    // The left hand is in time. A key goes down once its finger, some time ago, was told to be where its note begins, and up likewise.
    private static Performance Play(double onsetDelay, double releaseDelay)
    {
        var player = new PlayingFeedback(Table(), Song, LeadIn, Fingers);
        var heard = new Performance(player);
        UInt128 down = 0;
        for (int t = 0; t < Rows; t++)
        {
            var targets = new double[4];
            player.Act(t, down, [], 0, targets);
            heard.Commanded.Add(targets);
            down = 0;
            foreach (FingeredPress note in Song)
            {
                (double onset, double release) = note.Finger == 0 ? (t - onsetDelay, t - releaseDelay) : (t, t);
                if (heard.At(note.Finger, onset) >= LeadIn + note.Press.Start && heard.At(note.Finger, release) < LeadIn + note.Press.End)
                    down |= UInt128.One << note.Press.Key;
            }
            heard.Keys.Add(down);
        }
        return heard;
    }

    private sealed record Performance(PlayingFeedback Player)
    {
        public List<double[]> Commanded { get; } = [];

        public List<UInt128> Keys { get; } = [];

        // Where a finger was told to be, between two steps on the way.
        public double At(int finger, double time)
        {
            int row = Math.Max(0, (int)Math.Floor(time)), column = finger == 0 ? Right : Left;
            double from = Commanded[row][column], to = Commanded[Math.Min(row + 1, Commanded.Count - 1)][column];
            return from + (Math.Clamp(time - row, 0, 1) * (to - from)) + 1e-9;
        }

        // Steps between when the notes of a finger were to begin, or end, and when they did.
        public IEnumerable<int> Late(int finger, bool release) => Song.Where(n => n.Finger == finger).Select(n =>
        {
            int due = LeadIn + (release ? n.Press.End : n.Press.Start), from = release ? due - 2 : due - 3;
            return Enumerable.Range(from, 8).First(t => (Keys[t] >> n.Press.Key & 1) != 0 != release) - due;
        });
    }
}
