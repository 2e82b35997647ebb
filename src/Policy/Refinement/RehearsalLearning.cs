using Legato.Music;
using Legato.Sim.Piano;

namespace Legato.Policy.Refinement;

/// <summary>
/// Learning from rehearsals, passage by passage: what went better than ever before is kept, what went worse is taken back
/// and tried again with a smaller gain, what was right is left alone.
/// </summary>
/// <remarks>
/// Iterative learning with contacts is not monotone. A rehearsal tries one change in every passage at once, and since a passage hardly
/// feels what was played a second earlier, each is judged by itself. One thread per instance.
/// </remarks>
public sealed class RehearsalLearning
{
    // A fault belongs to the passage of ±0.4 s around it.
    private const int Passage = 8;

    // Rehearsals at first in which everything may change: most of what there is to learn in a simulator is learnt in them.
    private const int DefaultBoldness = 3;
    private const double SmallestGain = 0.15;

    // Part of an unwanted key's travel from which it nearly sounds.
    private const double Touched = 0.6;

    private readonly IterativeLearning _learner;
    private readonly KeyRoll _truth;
    private readonly int _leadIn;
    private readonly double _firstGain;
    private readonly int _boldness;
    private readonly RolloutTrace _trace;
    private readonly double[] _gain;
    private readonly double[] _step;
    private readonly double[] _faults;
    private readonly double[] _best;
    private CommandTable? _commands;
    private int _rehearsals;

    /// <summary>Creates a memory of a song.</summary>
    /// <param name="learner">Proposes changes.</param>
    /// <param name="truth">What should sound.</param>
    /// <param name="leadIn">Control steps before the first of <paramref name="truth"/>.</param>
    /// <param name="joints">Number of joints in a trace.</param>
    /// <param name="gain">First gain, 0..1.</param>
    /// <param name="boldness">Rehearsals at first in which everything may change, not only what is near a fault.</param>
    public RehearsalLearning(IterativeLearning learner, KeyRoll truth, int leadIn, int joints, double gain, int boldness = DefaultBoldness)
    {
        (_learner, _truth, _leadIn, _firstGain, _boldness) = (learner, truth, leadIn, gain, boldness);
        int steps = leadIn + truth.Count;
        _trace = new RolloutTrace(steps, joints);
        (_gain, _step, _faults, _best) = (new double[steps], new double[steps], new double[steps], new double[steps]);
        Array.Fill(_gain, gain);
    }

    /// <summary>Takes in a rehearsal and changes the commands for the next one.</summary>
    /// <param name="commands">What was played; receives what to play next.</param>
    /// <param name="trace">What happened.</param>
    /// <param name="elsewhere">What happened on other rigs. What is best for all of them is not decided passage by passage: everything may change.</param>
    public void Learn(CommandTable commands, RolloutTrace trace, params IReadOnlyList<RolloutTrace> elsewhere)
    {
        if (elsewhere.Count > 0)
        {
            LearnEverywhere(commands, trace, elsewhere);
            return;
        }
        CountFaults(trace);
        if (_commands is null)
        {
            _commands = commands.Clone();
            for (int t = 0; t < commands.Steps; t++)
                _trace.CopyStep(trace, t);
            _faults.CopyTo(_best, 0);
        }
        else
        {
            Merge(commands, trace);
        }
        if (++_rehearsals <= _boldness)
        {
            LearnEverywhere(commands, trace);
            return;
        }
        for (int t = 0; t < commands.Steps; t++)
        {
            _commands[t].CopyTo(commands[t]);
            _step[t] = _gain[t] * Near(_best, t);
        }
        _learner.Update(commands, _trace, _step, fromTips: true);
    }

    private void LearnEverywhere(CommandTable commands, RolloutTrace trace, params IReadOnlyList<RolloutTrace> elsewhere)
    {
        Array.Fill(_step, _firstGain);
        _learner.Update(commands, trace, _step, fromTips: true, elsewhere);
    }

    private void Merge(CommandTable commands, RolloutTrace trace)
    {
        int steps = commands.Steps;
        var better = new bool[steps];
        for (int t = 0; t < steps; t++)
            better[t] = Sum(_faults, t) <= Sum(_best, t);
        for (int t = 0; t < steps; t++)
        {
            // The mean of the verdicts nearby: a ramp where they change.
            int first = Math.Max(0, t - 2), last = Math.Min(steps - 1, t + 2);
            double share = 0;
            for (int k = first; k <= last; k++)
                share += better[k] ? 1.0 / (last - first + 1) : 0;
            for (int a = 0; a < commands.Actuators.Count; a++)
                _commands![t][a] += share * (commands[t][a] - _commands[t][a]);
            if (better[t])
            {
                _trace.CopyStep(trace, t);
                _best[t] = _faults[t];
                _gain[t] = Math.Min(_firstGain, _gain[t] * 1.5);
            }
            else
            {
                _gain[t] = Math.Max(SmallestGain, _gain[t] * 0.7);
            }
        }
    }

    private void CountFaults(RolloutTrace trace)
    {
        for (int t = 0; t < _faults.Length; t++)
        {
            _faults[t] = 0;
            if (t < _leadIn)
                continue;
            ReadOnlySpan<bool> keys = trace.Keys(t);
            ReadOnlySpan<float> depths = trace.Depths(t);
            for (int k = 0; k < PianoGeometry.KeyCount; k++)
            {
                bool isWanted = _truth[t - _leadIn, k];
                if (keys[k] != isWanted)
                    _faults[t] += 1;
                // On the edge: a small error elsewhere makes it a fault.
                else if (isWanted ? depths[k] < IterativeLearning.AtStop : depths[k] > Touched)
                    _faults[t] += 0.25;
            }
        }
    }

    private static double Sum(double[] faults, int t)
    {
        double sum = 0;
        for (int k = Math.Max(0, t - Passage); k <= Math.Min(faults.Length - 1, t + Passage); k++)
            sum += faults[k];
        return sum;
    }

    private static double Near(double[] faults, int t)
    {
        for (int d = 0; d <= Passage + 4; d++)
        {
            if ((t - d >= 0 && faults[t - d] > 0) || (t + d < faults.Length && faults[t + d] > 0))
                return d <= Passage ? 1 : 1 - ((d - Passage) / 5.0);
        }
        return 0;
    }
}
