using FsCheck;
using FsCheck.Fluent;
using Legato.Policy;
using Legato.Policy.Feedback;
using Legato.Policy.Fingering;
using Legato.Policy.Planning;
using Legato.Policy.Robustness;
using Legato.Sim;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Tests.Policy.Feedback;

/// <summary>Force, place and motion by ear and by feel: keys that come up, neighbours that sound, carriages that lag.</summary>
public sealed class HandFeedbackTests(Rig rig) : IClassFixture<Rig>
{
    private const int LeadIn = 10, Between = 9, Notes = 24, Length = 5, Rows = LeadIn + (Notes * Between) + 20;

    private const int Finger = 0, Rail = 1, OtherFinger = 2, OtherRail = 3;

    // White keys with white neighbours, at notes that both hands play at once.
    private const int Key = 44, OtherKey = 15;

    private static readonly JointLayout Layout = new(["rh_A_FFJ3", "rh_A_forearm_tx", "lh_A_FFJ3", "lh_A_forearm_tx"], [JointUnit.Radian, JointUnit.Metre, JointUnit.Radian, JointUnit.Metre]);

    private static readonly FingerSite[] Fingers = [new(HandSide.Right, 1, 0, 0), new(HandSide.Left, 1, 0, 0)];

    private static readonly FingeredPress[] Song =
        [.. Enumerable.Range(0, Notes).SelectMany(i => new[] { Press(Key, i, 0), Press(OtherKey, i, 1) })];

    // The left rail points the other way.
    private static readonly FeedbackModel Model = new()
    {
        Carriages = [new Carriage(Rail, 0, HandSide.Right, 1), new Carriage(OtherRail, 1, HandSide.Left, -1)],
        Motion = Table(_ => 0),
        PerNewton = Table(_ => 1),
    };

    // What sounds where every note is in time.
    private static readonly SoundedKey[] InTime = [.. Song.Select(p => new SoundedKey(p.Press.Key, LeadIn + p.Press.Start, LeadIn + p.Press.End))];

    private static readonly UInt128 Both = Bit(Key) | Bit(OtherKey);

    [Fact]
    public void AHandWhoseKeysComeUpPressesHarderWithinBounds()
    {
        // From the fifth note on the right hand's key is heard for a step only.
        (PlayingFeedback player, List<double[]> targets) = Play(Model, (note, held) => note >= 4 && held > 0 ? Bit(OtherKey) : Both);
        Assert.All(targets.Take(LeadIn + (4 * Between)), row => Assert.Equal([0, 0, 0, 0], row));
        Assert.Equal(3, player.ExtraForce(HandSide.Right));
        Assert.Equal(3, targets[^1][Finger]);
        // It is sure after a few notes, and never takes more than half a newton at once.
        Assert.True(targets[LeadIn + (12 * Between)][Finger] > 2, $"{targets[LeadIn + (12 * Between)][Finger]}");
        Assert.All(targets.Zip(targets.Skip(1)), pair => Assert.InRange(pair.Second[Finger] - pair.First[Finger], 0, 0.5));
        Assert.All(targets, row => Assert.Equal((0, 0, 0), (row[Rail], row[OtherFinger], row[OtherRail])));
        Assert.Equal(0, player.ExtraForce(HandSide.Left));
    }

    [Theory]
    [InlineData(2, -1)]
    [InlineData(-1, 1)]
    public void ANeighbourThatSoundsMovesTheHandToTheOtherSide(int beside, int sign)
    {
        (PlayingFeedback player, List<double[]> targets) = Play(Model, (note, held) => Both | (note == 3 && held > 0 ? Bit(Key + beside) : 0));
        Assert.Equal(sign * 0.003, player.Aside(HandSide.Right), 1e-12);
        Assert.Equal(sign * 0.0015, player.Aside(HandSide.Left), 1e-12);
        Assert.Equal((sign * 0.003, -sign * 0.0015), (Math.Round(targets[^1][Rail], 12), Math.Round(targets[^1][OtherRail], 12)));
        Assert.All(targets.Zip(targets.Skip(1)), pair => Assert.InRange(Math.Abs(pair.Second[Rail] - pair.First[Rail]), 0, 0.001 + 1e-12));
        Assert.All(targets, row => Assert.Equal((0, 0), (row[Finger], row[OtherFinger])));
    }

    [Fact]
    public void NotesThatAreMissedAtRandomMoveAndBurdenTheHandLittle()
    {
        // Neighbours on both sides in turn; one note in eight comes up.
        (PlayingFeedback player, _) = Play(Model, (note, held) => Both | (held > 0 ? Bit(Key + (note % 2 == 0 ? 2 : -1)) : 0));
        Assert.InRange(Math.Abs(player.Aside(HandSide.Right)), 0, 0.0021);
        (player, List<double[]> targets) = Play(Model, (note, held) => note % 8 == 1 && held > 0 ? Bit(OtherKey) : Both);
        Assert.All(targets, row => Assert.InRange(row[Finger], 0, 0.5));
        Assert.Equal(0, player.ExtraForce(HandSide.Right));
    }

    [Fact]
    public void HoweverManyNeighboursSoundTheHandsStayNear()
    {
        (PlayingFeedback player, _) = Play(Model, (_, held) => Both | (held > 0 ? Bit(Key + 2) : 0));
        Assert.Equal((-0.01, -0.01), (Math.Round(player.Aside(HandSide.Right), 12), Math.Round(player.Aside(HandSide.Left), 12)));
    }

    [Fact]
    public void NeighboursOnBothSidesThatAPlanStrikesItselfOrThatAStrayCarriageExplainsSayNothing()
    {
        static UInt128 Sounds(int note, int held) => Both | (note == 3 && held > 0 ? Bit(Key + 2) : 0);
        int row = LeadIn + (3 * Between) + 1;
        Assert.Equal(0, Play(Model with { Sounds = [.. InTime, new SoundedKey(Key + 2, row, row + 3)] }, Sounds).Player.Aside(HandSide.Right));
        Assert.NotEqual(0, Play(Model with { Sounds = InTime }, Sounds).Player.Aside(HandSide.Right));
        Assert.Equal(0, Play(Model, Sounds, rail: 0.005).Player.Aside(HandSide.Right));
        Assert.NotEqual(0, Play(Model, Sounds, rail: 0.002).Player.Aside(HandSide.Right));
        // Between two held keys it may have been for either.
        FingeredPress[] pair = [.. Song, .. Enumerable.Range(0, Notes).Select(i => Press(Key + 4, i, 0))];
        UInt128 all = Both | Bit(Key + 4);
        Assert.Equal(0, Play(Model, (note, held) => all | (note == 3 && held > 0 ? Bit(Key + 2) : 0), song: pair).Player.Aside(HandSide.Right));
    }

    [Fact]
    public void KeysThatComeUpWhereAllIsAsPlannedSayNothing()
    {
        // The right hand's notes are held for a step only, here and in the plan's own roll-out.
        static UInt128 Sounds(int note, int held) => held > 0 ? Bit(OtherKey) : Both;
        SoundedKey[] usual = [.. InTime.Select(s => s.Key == Key ? s with { End = s.Start + 1 } : s)];
        Assert.Equal(0, Play(Model with { Sounds = usual }, Sounds).Player.ExtraForce(HandSide.Right));
        Assert.Equal(3, Play(Model with { Sounds = InTime }, Sounds).Player.ExtraForce(HandSide.Right));
        // Held longer than is usual they are no later than they should be.
        Assert.Equal((0, 0), Leads(Play(Model with { Sounds = usual }, (_, _) => Both).Player));
    }

    [Fact]
    public void NotesThatAreLateOrMissingWhereAllIsAsPlannedSayNothing()
    {
        static UInt128 Late(int note, int held) => held < 2 ? Bit(OtherKey) : Both;
        Assert.NotEqual((0, 0), Leads(Play(Model with { Sounds = InTime }, Late).Player));
        SoundedKey[] late = [.. InTime.Select(s => s.Key == Key ? s with { Start = s.Start + 2 } : s)];
        Assert.Equal((0, 0), Leads(Play(Model with { Sounds = late }, Late).Player));
        Assert.Equal((0, 0), Leads(Play(Model with { Sounds = late }, (_, _) => Both).Player));
        Assert.Equal((0, 0), Leads(Play(Model with { Sounds = [.. InTime.Where(s => s.Key != Key)] }, Late).Player));
    }

    [Fact]
    public void ACarriageThatLagsIsCommandedEarlierHoweverOldItsReportsAre() => Prop.ForAll(Gen.Choose(-80, 150).Select(i => 0.01 * i).ToArbitrary(), Gen.Choose(0, 25).Select(i => 0.1 * i).ToArbitrary(), (lag, age) =>
    {
        // To and fro over 40 cm.
        CommandTable swing = Table(t => 0.2 * Math.Sin(0.15 * t));
        var player = new PlayingFeedback(swing, Song, LeadIn, Fingers, Model with { Motion = swing });
        var commanded = new List<double[]>();
        double[] joints = [0, 0];
        for (int t = 0; t < Rows; t++)
        {
            var targets = new double[4];
            player.Act(t, 0, joints, age, targets);
            commanded.Add(targets);
            joints = [Past(Rail, t - lag - age), Past(OtherRail, t - age)];
        }
        // What it was told for a step that is to come, it is where it should be then.
        int late = Rows - 30;
        Assert.Equal(swing[late][Rail], Past(Rail, late - lag), 0.006);
        Assert.All(Enumerable.Range(0, Rows), t => Assert.Equal(swing[t][OtherRail], commanded[t][OtherRail]));

        double Past(int column, double time)
        {
            int row = Math.Clamp((int)Math.Floor(time), 0, commanded.Count - 1), next = Math.Min(row + 1, commanded.Count - 1);
            // A carriage that is ahead of its commands goes on as it went.
            double slope = next > row ? commanded[next][column] - commanded[row][column] : row > 0 ? commanded[row][column] - commanded[row - 1][column] : 0;
            return commanded[row][column] + ((time - row) * slope);
        }
    }).Holds(60);

    [Fact]
    public void WhoBeginsElsewhereThanTheSimulatorDidIsNotLate()
    {
        // From where it stood the plan's own carriage swings; the robot's stands where the song begins, and moves as the plan does from then on.
        CommandTable motion = Table(t => t < LeadIn ? 0.3 * (1 - ((double)t / LeadIn)) : 0.05 * Math.Sin(0.15 * (t - LeadIn)));
        var player = new PlayingFeedback(motion, Song, LeadIn, Fingers, Model with { Motion = motion });
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
        {
            double rail = t <= LeadIn ? 0 : motion[t - 1][Rail];
            player.Act(t, 0, [rail, rail], 0, targets);
            Assert.All(targets, target => Assert.Equal(motion[t][Rail], target, 1e-9));
        }
    }

    [Fact]
    public void AMeasurementThatIsMissingReachesNoCommand()
    {
        CommandTable swing = Table(t => 0.2 * Math.Sin(0.15 * t));
        var player = new PlayingFeedback(swing, Song, LeadIn, Fingers, Model with { Motion = swing });
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
        {
            double[] measured = t % 3 == 0 ? [double.NaN, double.PositiveInfinity] : [swing[t][Rail], swing[t][OtherRail]];
            player.Act(t, 0, measured, 0, targets);
            Assert.All(targets, target => Assert.True(double.IsFinite(target), $"{target} in step {t}"));
        }
    }

    [Fact]
    public void AFingerIsDrawnToWhereThePlanHadItAndWhileItPressesOnlyDeeper() => Prop.ForAll(Gen.Choose(-300, 300).Select(i => 0.001 * i).ToArbitrary(), short_ =>
    {
        // The joint of the right finger is that much short of the plan's; the left one is where it should be.
        CommandTable presses = Table(t => t % Between < Length ? 2 : 0);
        CommandTable swing = Table(t => 0.2 * Math.Sin(0.15 * t));
        var player = new PlayingFeedback(swing, Song, LeadIn, Fingers, Model with { Carriages = [], FingerJoints = [[0], [], [1], []], Motion = swing, PerNewton = presses });
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
        {
            player.Act(t, 0, t == 0 ? [0, 0] : [swing[t - 1][Finger] - short_, swing[t - 1][OtherFinger]], 0, targets);
            double added = targets[Finger] - swing[t][Finger];
            bool pressed = t > LeadIn + 1 && presses[t - 1][Finger] > 0;
            Assert.InRange(Math.Abs(added), 0, 0.1 + 1e-12);
            if (t <= LeadIn + 1 || (pressed && short_ < 0))
                Assert.Equal(0, added, 1e-12);
            else if (Math.Abs(short_) > 0.001)
                Assert.InRange(added / short_, 0.1, 1);
            Assert.Equal(swing[t][OtherFinger], targets[OtherFinger]);
        }
    }).Holds(60);

    [Fact]
    public void WhatIsAddedStaysWithinTheActuatorsRange()
    {
        CommandTable near = Table(_ => 0.45);
        (double, double)[] ranges = [.. Enumerable.Repeat((-0.5, 0.5), 4)];
        var player = new PlayingFeedback(near, Song, LeadIn, Fingers, Model with { Carriages = [], FingerJoints = [[0], [], [1], []], Motion = near, Ranges = ranges });
        var targets = new double[4];
        for (int t = 0; t < Rows; t++)
            player.Act(t, 0, [0.45 - 0.18, 0.45 - 0.02], 0, targets);
        Assert.Equal([0.5, 0.45, 0.46, 0.45], targets, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void TheFirstStepBeginsAnewAndNothingIsAllocated()
    {
        (PlayingFeedback player, _) = Play(Model, (_, held) => held > 0 ? Bit(Key + 2) : Both);
        Assert.NotEqual((0, 0), (player.Aside(HandSide.Right), player.ExtraForce(HandSide.Right)));
        var targets = new double[4];
        double[] joints = [0.01, -0.01];
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (int t = 0; t < Rows; t++)
                player.Act(t, (UInt128)(uint)t << 20, joints, 0, targets);
        }));
        player.Act(0, 0, joints, 0, targets);
        Assert.Equal((0, 0), (player.Aside(HandSide.Right), player.ExtraForce(HandSide.Right)));
        Assert.Equal([0, 0, 0, 0], targets);
    }

    [Fact]
    public void InTheSimulatorAPianoThatStandsAsideIsPlayedBetterAndOneInItsPlaceTheSame()
    {
        SongPlan plan = new SongPlanner(rig.Scene, Rig.Quick with { Feedback = true }).Plan("melody", Rig.Melody, null, TestContext.Current.CancellationToken);
        Assert.True(plan.Feedback);
        using PerturbedRig same = new(rig.Scene, SimParameters.Nominal), aside = new(rig.Scene, SimParameters.Nominal.With("piano.y", 0.013));
        Assert.Equal(plan.Score, same.Play(plan, Rig.Melody.ToKeyRoll()));
        double deaf = aside.Play(plan.Commands, Rig.Melody.ToKeyRoll()).F1, heard = aside.Play(plan, Rig.Melody.ToKeyRoll()).F1;
        Assert.True(heard > deaf + 0.1, $"{deaf} row by row, {heard} by ear");
    }

    [Fact]
    public void InTheSimulatorWeakHandsArePlayedBetter()
    {
        SongPlan plan = new SongPlanner(rig.Scene, Rig.Quick with { Feedback = true }).Plan("melody", Rig.Melody, null, TestContext.Current.CancellationToken);
        string[] motors = ["wrist", "thumb", "spread", "flexion", "coupled"];
        SimParameters parameters = motors.Aggregate(SimParameters.Nominal, (p, group) => p.With($"{group}.damping", 3).With($"{group}.gain", 0.7));
        using PerturbedRig weak = new(rig.Scene, parameters);
        double deaf = weak.Play(plan.Commands, Rig.Melody.ToKeyRoll()).F1, felt = weak.Play(plan, Rig.Melody.ToKeyRoll()).F1;
        Assert.True(felt > deaf + 0.05, $"{deaf} row by row, {felt} with feedback");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void APlanThatCannotPlayItsNotesIsPlayedByEarAsItIsOnItsOwnRig(int seed)
    {
        // Leaps of octaves, each note held into the next: some come late, up early, or not at all, in the simulator as well.
        var random = new Random(seed);
        Legato.Music.NoteTrajectory song = Rig.Song([.. Enumerable.Range(0, 14).Select(i => (random.Next(15, 70), 0.25 * i))]);
        SongPlan plan = new SongPlanner(rig.Scene, Rig.Quick with { Feedback = true }).Plan("leaps", song, null, TestContext.Current.CancellationToken);
        using PerturbedRig own = new(rig.Scene, SimParameters.Nominal);
        Legato.Music.KeyRoll truth = song.ToKeyRoll();
        Assert.True(plan.Feedback && plan.Score.F1 < 0.95, $"{plan.Score.F1}: too easy");
        Assert.Equal(plan.Score, own.Play(plan, truth));
    }

    private static (double Onset, double Release) Leads(PlayingFeedback player) => (player.OnsetLead(HandSide.Right), player.ReleaseLead(HandSide.Right));

    private static FingeredPress Press(int key, int note, int finger) => new(new KeyPress(key, note * Between, (note * Between) + Length), finger);

    private static UInt128 Bit(int key) => UInt128.One << key;

    private static CommandTable Table(Func<int, double> value)
    {
        var table = new CommandTable(Layout, Rows);
        for (int t = 0; t < Rows; t++)
            table[t].Fill(value(t));
        return table;
    }

    // Sounds are asked for by note and by steps since its start, of rows in which the song wants keys.
    private static (PlayingFeedback Player, List<double[]> Targets) Play(FeedbackModel model, Func<int, int, UInt128> sounds, double rail = 0, FingeredPress[]? song = null)
    {
        var player = new PlayingFeedback(Table(_ => 0), song ?? Song, LeadIn, Fingers, model);
        var all = new List<double[]>();
        for (int t = 0; t < Rows; t++)
        {
            // What was heard by the end of the step before.
            int since = t - 1 - LeadIn, note = since / Between, held = since % Between;
            UInt128 down = since >= 0 && note < Notes && held < Length ? sounds(note, held) : 0;
            var targets = new double[4];
            player.Act(t, down, [rail + player.Aside(HandSide.Right), -player.Aside(HandSide.Left)], 0, targets);
            all.Add(targets);
        }
        return (player, all);
    }
}
