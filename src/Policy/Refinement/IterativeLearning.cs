using Legato.Policy.Feedforward;
using Legato.Policy.Kinematics;
using Legato.Policy.Limits;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>
/// Iterative learning control: after a roll-out, changes the targets by what the norm-optimal inverse says would have removed the error.
/// </summary>
/// <remarks>
/// Without contacts the error is that of the joints. With the piano, fingers learn from their tips, because the tendon behind J1 and J2 lets
/// the two share its angle differently under load. One thread per instance.
/// </remarks>
public sealed class IterativeLearning
{
    /// <summary>Part of a key's travel from which it counts as at its stop.</summary>
    internal const double AtStop = 0.97;

    private const double Damping = 1e-5;

    // What a silent key asks for at least where depths are unknown, m.
    private const double Deeper = 0.004;

    // Along the key a finger may stick anywhere; across it a little; depth is what sounds.
    private static readonly double[] AxisWeights = [0.15, 0.6, 1];

    private readonly HandKinematics _kinematics;
    private readonly NormOptimalInverse _inverse;
    private readonly CommandTable _reference;
    private readonly TipReference _tips;
    private readonly double[] _tipGoals;
    private readonly double[] _errors;
    private readonly int[][] _fingerActuators;
    private readonly int[][] _allActuators;
    private readonly int[] _wrists;
    private readonly FeasibleCommands? _feasible;

    /// <summary>Creates a learner for one reference, which is its own from then on.</summary>
    /// <param name="kinematics">Of the scene.</param>
    /// <param name="inverse">What targets do to actuators.</param>
    /// <param name="reference">Poses to follow.</param>
    /// <param name="tips">Where fingertips press.</param>
    /// <param name="feasible">Tables that may come out; null for all within the control ranges.</param>
    public IterativeLearning(HandKinematics kinematics, NormOptimalInverse inverse, CommandTable reference, TipReference tips, FeasibleCommands? feasible = null)
    {
        (_kinematics, _inverse, _reference, _tips, _feasible) = (kinematics, inverse, reference, tips, feasible);
        PianoScene scene = kinematics.Scene;
        _allActuators = [.. scene.Fingers.Select(f => AllActuators(scene, f))];
        _fingerActuators = [.. scene.Fingers.Select(f => FingerActuators(scene, f))];
        _wrists = [.. Enum.GetValues<HandSide>().Select(side => scene.Actuators.IndexOf(side.Prefix() + "A_WRJ1")).Where(i => i >= 0)];
        _errors = new double[scene.Actuators.Count * reference.Steps];
        _tipGoals = new double[3 * scene.Fingers.Count * reference.Steps];
        for (int t = 0; t < reference.Steps; t++)
        {
            kinematics.SetPose(reference[t]);
            for (int f = 0; f < scene.Fingers.Count; f++)
                kinematics.Tip(f, TipGoal(t, f));
        }
    }

    /// <summary>Corrects the commands by a fraction of what the inverse asks for.</summary>
    /// <param name="commands">Changed in place, within the control ranges.</param>
    /// <param name="trace">The roll-out of these commands.</param>
    /// <param name="gain">0..1, for every step.</param>
    /// <param name="fromTips">True to let fingers learn from their tips (contacts on).</param>
    /// <param name="elsewhere">Roll-outs of the same commands on other rigs: there, fingers learn only from keys that sound too late or too early.</param>
    public void Update(CommandTable commands, RolloutTrace trace, ReadOnlySpan<double> gain, bool fromTips, params IReadOnlyList<RolloutTrace> elsewhere)
    {
        int steps = commands.Steps, n = commands.Actuators.Count;
        Span<double> measured = stackalloc double[n], error = stackalloc double[n];
        for (int t = 0; t < steps; t++)
        {
            _kinematics.ToActuators(trace.Joints(t), measured);
            for (int a = 0; a < n; a++)
                error[a] = _reference[t][a] - measured[a];
            // What a wrist gives way to while fingers press depends on where the piano stands.
            foreach (int wrist in trace.HasDepths ? [] : _wrists)
                error[wrist] = 0;
            if (fromTips)
                TipErrors(t, trace, error, f => true, depthOnly: false);
            for (int a = 0; a < n; a++)
                _errors[(a * steps) + t] = error[a];
            foreach (RolloutTrace other in elsewhere)
            {
                error.Clear();
                int step = t;
                TipErrors(t, other, error, f => IsWrong(step, f, other.Keys(step)), depthOnly: true);
                for (int a = 0; a < n; a++)
                    _errors[(a * steps) + t] += error[a];
            }
        }
        var change = new double[steps];
        for (int a = 0; a < n; a++)
        {
            _inverse.Solve(a, _errors.AsSpan(a * steps, steps), change);
            double low = _kinematics.Scene.ControlLow[a], high = _kinematics.Scene.ControlHigh[a];
            for (int t = 0; t < steps; t++)
                commands[t][a] = Math.Clamp(commands[t][a] + (gain[t] * change[t]), low, high);
        }
        Confine(commands);
    }

    /// <summary>Makes commands feasible, with as little change of what the actuators do as that takes.</summary>
    public void Confine(CommandTable commands) => _feasible?.Project(commands, _inverse.Hessian);

    /// <summary>Moves goals of fingertips, and the poses with them, within the control ranges.</summary>
    public void Shift(IEnumerable<TipShift> shifts)
    {
        foreach (TipShift shift in shifts)
            Shift(shift);
    }

    private void Shift(TipShift shift)
    {
        int[] actuators = _allActuators[shift.Finger];
        Span<double> jacobian = stackalloc double[3 * actuators.Length], square = stackalloc double[9], force = stackalloc double[3];
        Span<double> goal = TipGoal(shift.Step, shift.Finger), row = _reference[shift.Step];
        (goal[1], goal[2]) = (goal[1] + shift.Y, goal[2] + shift.Z);
        _kinematics.SetPose(row);
        _kinematics.TipJacobian(shift.Finger, actuators, jacobian);
        for (int i = 0; i < 9; i++)
        {
            for (int a = 0; a < actuators.Length; a++)
                square[i] += jacobian[(i / 3 * actuators.Length) + a] * jacobian[(i % 3 * actuators.Length) + a];
        }
        DampedLeastSquares.Solve3(square, [0, shift.Y, shift.Z], Damping * Damping, force);
        for (int a = 0; a < actuators.Length; a++)
        {
            ref double target = ref row[actuators[a]];
            for (int i = 0; i < 3; i++)
                target += jacobian[(i * actuators.Length) + a] * force[i];
            target = Math.Clamp(target, _kinematics.Scene.ControlLow[actuators[a]], _kinematics.Scene.ControlHigh[actuators[a]]);
        }
    }

    // Replaces a finger's joint errors by those that would move its tip onto its goal.
    private void TipErrors(int step, RolloutTrace trace, Span<double> error, Func<int, bool> learns, bool depthOnly)
    {
        _kinematics.SetJoints(trace.Joints(step));
        Span<double> tip = stackalloc double[3], jacobian = stackalloc double[9], solution = stackalloc double[3];
        for (int f = 0; f < _fingerActuators.Length; f++)
        {
            int[] actuators = _fingerActuators[f];
            if (actuators.Length != 3 || !learns(f))
                continue;
            _kinematics.Tip(f, tip);
            ReadOnlySpan<double> goal = TipGoal(step, f);
            for (int i = 0; i < 3; i++)
                tip[i] = goal[i] - tip[i];
            if (depthOnly)
                tip[0] = tip[1] = 0;
            if (_tips[step, f] is { Pressing: true, Key: int key })
                tip[2] = DepthError(tip[2], trace, step, key);
            _kinematics.TipJacobian(f, actuators, jacobian);
            for (int i = 0; i < 3; i++)
            {
                tip[i] *= AxisWeights[i];
                for (int j = 0; j < 3; j++)
                    jacobian[(3 * i) + j] *= AxisWeights[i];
            }
            DampedLeastSquares.Solve3(jacobian, tip, Damping, solution);
            for (int i = 0; i < 3; i++)
                error[actuators[i]] = solution[i];
        }
    }

    // A key at its stop needs no deeper finger; one that is only just down is on the edge. Where depths are unknown, the piano may
    // stand higher or lower than the goals have it: then a key that sounds is deep enough, and a silent one never is.
    private static double DepthError(double toGoal, RolloutTrace trace, int step, int key)
    {
        bool isDown = trace.Depths(step)[key] > AtStop;
        if (trace.HasDepths)
            return isDown ? Math.Max(toGoal, 0) : toGoal;
        return isDown ? 0 : Math.Min(toGoal, -Deeper);
    }

    // The finger's key is up when it should be down, or down just before or after it should be.
    private bool IsWrong(int step, int finger, ReadOnlySpan<bool> down)
    {
        if (_tips[step, finger].Key is >= 0 and int key)
            return !down[key];
        int before = step > 0 ? _tips[step - 1, finger].Key : -1, after = step + 1 < _tips.Steps ? _tips[step + 1, finger].Key : -1;
        return (before >= 0 && down[before]) || (after >= 0 && down[after]);
    }

    private Span<double> TipGoal(int step, int finger) => _tipGoals.AsSpan(3 * ((step * _fingerActuators.Length) + finger), 3);

    // J4, J3 and J0 of a finger; the thumb learns from its joints.
    private static int[] FingerActuators(PianoScene scene, FingerSite finger)
    {
        if (finger.Digit == 0)
            return [];
        return [.. ((string[])["J4", "J3", "J0"]).Select(j => scene.Actuators.IndexOf(Prefix(finger) + j)).Where(i => i >= 0)];
    }

    private static int[] AllActuators(PianoScene scene, FingerSite finger) =>
        [.. Enumerable.Range(0, scene.Actuators.Count).Where(a => scene.Actuators.Names[a].StartsWith(Prefix(finger), StringComparison.Ordinal))];

    private static string Prefix(FingerSite finger) => finger.Side.Prefix() + "A_" + finger.DigitName;
}
