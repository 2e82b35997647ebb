using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>
/// Proposes changes of a window's commands: strokes, in which a few groups of actuators (fingers, carriage, wrist, depth) move aside for a while.
/// </summary>
/// <remarks>
/// How far a finger was off its key at its fault says which way is promising; the rest is noise, scaled so that every actuator alone
/// moves its fingertips by the same. Drawing is safe from several threads.
/// </remarks>
internal sealed class StrokeSampler
{
    // Simple strokes are tried for this many fingers, those whose faults come first.
    private const int SimpleFingers = 3;

    // What a fingertip is pressed down or lifted by, m.
    private const double Depth = 0.006;

    // Noise of a stroke is this range times the standard deviation, evenly on a logarithmic scale.
    private const double LeastReach = 0.25;
    private const double MostReach = 1.5;

    private static readonly double[] Shares = [1, 1.7];
    private static readonly double[] Depths = [1, 2];
    private static readonly string[] DigitNames = ["_TH", "_FF", "_MF", "_RF", "_LF"];

    private readonly SamplingOptions _options;
    private readonly CommandTable _commands;
    private readonly FaultyWindow _window;
    private readonly StrokeLimiter? _limiter;
    private readonly int _n;
    private readonly List<Group> _groups = [];
    private readonly Dictionary<int, Aim> _aims = [];

    public StrokeSampler(HandKinematics kinematics, TipReference tips, CommandTable commands, FaultyWindow window, SamplingOptions options, FeasibleCommands? feasible)
    {
        (_commands, _window, _options) = (commands, window, options);
        _limiter = feasible is null ? null : new StrokeLimiter(feasible, commands, window);
        _n = commands.Actuators.Count;
        kinematics.SetJoints(window.Tape.Joints(window.Faults[0].Step));
        foreach (HandSide side in window.Faults.Select(f => kinematics.Scene.Fingers[f.Finger].Side).Distinct())
            AddGroups(kinematics, side);
        foreach (IGrouping<int, KeyFault> faults in window.Faults.GroupBy(f => f.Finger))
            _aims[faults.Key] = Aim.At(kinematics, tips, window.Tape, faults.Key, [.. faults]);
    }

    /// <summary>Strokes that are often the whole answer: to the side by what the finger was off, deeper or higher, earlier or later.</summary>
    /// <returns>Changes, laid out as in <see cref="Draw"/>, and the first step that they touch.</returns>
    public IEnumerable<(double[] Changes, int From)> Simple() =>
        SimpleStrokes().Select(s => (s.Changes, _limiter?.Confine(s.Changes, new double[s.Changes.Length], s.From) ?? s.From));

    private IEnumerable<(double[] Changes, int From)> SimpleStrokes()
    {
        foreach (Aim aim in _aims.Values.Take(SimpleFingers))
        {
            foreach (double share in Shares)
            {
                // A carriage needs most of the lead to get anywhere, a finger less than half.
                yield return Constant(aim.First - (_options.Lead * 3 / 4), aim.Last + 1, row => row[aim.Carriage] = share * aim.Across);
                yield return Constant(aim.First - (_options.Lead * 3 / 8), aim.Last + 1, row => aim.MoveAcross(row, share * aim.Across));
            }
            foreach (double depth in Depths)
                yield return Constant(aim.First - (_options.Lead / 4), aim.Last + 1, row => aim.MoveDown(row, depth * aim.Down));
            foreach (int shift in (int[])[-1, 1])
            {
                yield return Shifted(aim.Own, shift);
                yield return Shifted(aim.Hand, shift);
            }
        }
    }

    /// <summary>Adds a random stroke to changes (row-major: step of the window, then actuator); returns the first step that it touches.</summary>
    public int Draw(GaussianNoise noise, Span<double> changes)
    {
        KeyFault fault = _window.Faults[(int)(noise.NextUniform() * _window.Faults.Count)];
        Aim aim = _aims[fault.Finger];
        // From shortly before the whole of the finger's faults, or one step of them, to the end of them or a little later.
        double first = (Chance(noise, 0.5) ? aim.First : fault.Step) - (noise.NextUniform() * _options.Lead);
        double last = Chance(noise, 0.5) ? aim.Last + (3 * noise.NextUniform()) : first + 2 + (6 * noise.NextUniform());
        (int from, int to) = Interval((int)first, (int)last);

        double[] stroke = new double[_n], parent = _limiter is null ? [] : changes.ToArray();
        bool directed = Chance(noise, 0.5);
        if (directed)
        {
            double who = noise.NextUniform(), across = 2 * noise.NextUniform() * aim.Across;
            if (who < 0.6)
                stroke[aim.Carriage] += across;
            if (who > 0.4)
                aim.MoveAcross(stroke, across);
            if (Chance(noise, 0.5))
                aim.MoveDown(stroke, aim.Down * (noise.NextUniform() + (0.5 * noise.Next())));
        }
        if (!directed || Chance(noise, 0.3))
            AddNoise(noise, fault.Finger, stroke);
        bool soft = Chance(noise, 0.5);
        for (int t = from; t < to; t++)
        {
            double weight = soft ? Math.Min(1, Math.Min(t - from + 1, to - t) / 2.0) : 1;
            for (int a = 0; a < _n; a++)
                changes[(t * _n) + a] += weight * stroke[a];
        }
        return _limiter?.Confine(changes, parent, from) ?? from;
    }

    private void AddNoise(GaussianNoise noise, int finger, double[] stroke)
    {
        double reach = LeastReach * Math.Pow(MostReach / LeastReach, noise.NextUniform());
        foreach (Group group in _groups)
        {
            // Whose fault it is moves most often, then others at fault, then what carries the fingers, then the rest.
            double chance = group.Finger == finger ? 0.8 : group.Finger < 0 ? 0.25 : _aims.ContainsKey(group.Finger) ? 0.3 : 0.12;
            if (!Chance(noise, chance))
                continue;
            for (int i = 0; i < group.Actuators.Length; i++)
                stroke[group.Actuators[i]] += reach * group.Deviations[i] * noise.Next();
        }
    }

    private (double[] Changes, int From) Constant(int first, int last, Action<double[]> shape)
    {
        double[] row = new double[_n], changes = new double[_window.Length * _n];
        shape(row);
        (int from, int to) = Interval(first, last);
        for (int t = from; t < to; t++)
            row.CopyTo(changes, t * _n);
        return (changes, from);
    }

    private (double[] Changes, int From) Shifted(int[] actuators, int later)
    {
        double[] changes = new double[_window.Length * _n];
        for (int t = 0; t < _window.Length; t++)
        {
            ReadOnlySpan<double> other = _commands[_window.Start + Math.Clamp(t - later, 0, _window.Length - 1)], own = _commands[_window.Start + t];
            foreach (int a in actuators)
                changes[(t * _n) + a] = other[a] - own[a];
        }
        return (changes, 0);
    }

    // Steps of the song as steps of the window, at least one.
    private (int From, int To) Interval(int first, int last)
    {
        int from = Math.Clamp(first - _window.Start, 0, _window.Length - 1);
        return (from, Math.Clamp(last - _window.Start, from + 1, _window.Length));
    }

    private void AddGroups(HandKinematics kinematics, HandSide side)
    {
        PianoScene scene = kinematics.Scene;
        int[] hand = [.. Enumerable.Range(0, scene.Fingers.Count).Where(f => scene.Fingers[f].Side == side)];
        var groups = kinematics.ActuatorsOfSide[(int)side].GroupBy(a => Role(scene.Actuators.Names[a]));
        foreach (IGrouping<string, int> group in groups)
        {
            int digit = Array.IndexOf(DigitNames, group.Key);
            int[] moved = [.. hand.Where(f => digit < 0 || scene.Fingers[f].Digit == digit)];
            if (moved.Length > 0)
                _groups.Add(new Group(digit < 0 ? -1 : moved[0], [.. group], [.. group.Select(a => _options.Noise / Lever(kinematics, moved, a))]));
        }
    }

    private static string Role(string actuator) => DigitNames.FirstOrDefault(d => actuator.Contains(d, StringComparison.Ordinal))
        ?? (actuator.Contains("WRJ", StringComparison.Ordinal) ? "wrist" : actuator);

    // Mean over fingertips of what one unit of an actuator moves them by; at least 2 cm per radian.
    private static double Lever(HandKinematics kinematics, int[] fingers, int actuator)
    {
        Span<double> j = stackalloc double[3];
        double sum = 0;
        foreach (int f in fingers)
        {
            kinematics.TipJacobian(f, [actuator], j);
            sum += Math.Sqrt((j[0] * j[0]) + (j[1] * j[1]) + (j[2] * j[2]));
        }
        return Math.Max(0.02, sum / fingers.Length);
    }

    private static bool Chance(GaussianNoise noise, double probability) => noise.NextUniform() < probability;

    /// <summary>Actuators that move together in noise.</summary>
    private sealed record Group(int Finger, int[] Actuators, double[] Deviations);

    /// <summary>What a finger at fault should do about it.</summary>
    /// <param name="First">Step of its first fault.</param>
    /// <param name="Last">Step of its last fault.</param>
    /// <param name="Hand">Actuators of its hand.</param>
    /// <param name="Carriage">The one that moves the hand along the keyboard.</param>
    /// <param name="Own">Actuators of the finger.</param>
    /// <param name="Across">How far along the keyboard the fingertip should have been from where it was, m.</param>
    /// <param name="Down">How much deeper it should go, m.</param>
    /// <param name="AcrossByOwn">Change of <paramref name="Own"/> per metre along the keyboard.</param>
    /// <param name="DownByOwn">Change of <paramref name="Own"/> per metre downwards.</param>
    private sealed record Aim(int First, int Last, int[] Hand, int Carriage, int[] Own, double Across, double Down, double[] AcrossByOwn, double[] DownByOwn)
    {
        // Keeps a finger that cannot move one way from being asked for the impossible.
        private const double Damping = 1e-4;

        public static Aim At(HandKinematics kinematics, TipReference tips, SongTape tape, int finger, KeyFault[] faults)
        {
            PianoScene scene = kinematics.Scene;
            FingerSite site = scene.Fingers[finger];
            KeyFault fault = faults.FirstOrDefault(f => f.Missing, faults[0]);
            int[] hand = kinematics.ActuatorsOfSide[(int)site.Side];
            int[] own = [.. hand.Where(a => scene.Actuators.Names[a].Contains(DigitNames[site.Digit], StringComparison.Ordinal))];
            kinematics.SetJoints(tape.Joints(fault.Step));
            double[] jacobian = new double[3 * own.Length];
            kinematics.TipJacobian(finger, own, jacobian);
            TipTarget target = tips[fault.Step, finger];
            double across = target.WeightY > 0 ? target.Y - tape.Tip(fault.Step, finger)[1] : 0;
            return new Aim(
                faults[0].Step, faults[^1].Step, hand, scene.Actuators.Require(site.Side.Prefix() + "forearm_tx"), own, across, fault.Missing ? Depth : -Depth,
                PerMetre(jacobian.AsSpan(own.Length, own.Length), 1), PerMetre(jacobian.AsSpan(2 * own.Length), -1));
        }

        public void MoveAcross(double[] row, double metres) => Add(row, AcrossByOwn, metres);

        public void MoveDown(double[] row, double metres) => Add(row, DownByOwn, metres);

        private void Add(double[] row, double[] direction, double metres)
        {
            for (int i = 0; i < Own.Length; i++)
                row[Own[i]] += metres * direction[i];
        }

        private static double[] PerMetre(ReadOnlySpan<double> gradient, double sign)
        {
            double square = Damping;
            foreach (double g in gradient)
                square += g * g;
            double[] direction = new double[gradient.Length];
            for (int i = 0; i < direction.Length; i++)
                direction[i] = sign * gradient[i] / square;
            return direction;
        }
    }
}
