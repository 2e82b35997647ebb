using Legato.Music;
using Legato.Policy.Kinematics;
using Legato.Sim.Drives;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

namespace Legato.Policy.Refinement;

/// <summary>Keys of the last steps, which the price of onsets depends on.</summary>
/// <param name="Down">Down at the end of the last step.</param>
/// <param name="Began">Of these, those that went down in it.</param>
/// <param name="BeganBefore">Those that went down in the step before.</param>
internal readonly record struct KeyHistory(UInt128 Down, UInt128 Began, UInt128 BeganBefore);

/// <summary>What a control step costs: faults of keys and onsets, and, much less, how near they are to being none.</summary>
/// <remarks>
/// F1 and onsets change in jumps; depths of keys and places of fingertips tell samples apart that have the same faults.
/// Immutable and thread-safe.
/// </remarks>
internal sealed class SongCost
{
    // A step in which nothing is right costs 1.
    private const double OnsetPrice = 0.35;
    private const double DepthPrice = 0.15;
    private const double TouchPrice = 0.1;
    private const double TipPrice = 0.06;

    // An unwanted key may be touched down to this part of its way to sounding.
    private const double FreeTouch = 0.5;

    // Off its key by this, m, a fingertip costs the whole price; quadratic below, linear above, up to a few times the price.
    private const double TipRange = 0.010;
    private const double MostTipRanges = 4;

    // Fingers whose place across the keys has this weight are about to play.
    private const double AboutToPlay = 0.4;

    private readonly PianoScene _scene;
    private readonly HandKinematics _kinematics;
    private readonly TipReference _tips;
    private readonly int _leadIn;
    private readonly UInt128[] _wanted;
    private readonly UInt128[] _onsets;

    public SongCost(HandKinematics kinematics, TipReference tips, KeyRoll truth, int leadIn)
    {
        (_scene, _kinematics, _tips, _leadIn) = (kinematics.Scene, kinematics, tips, leadIn);
        Steps = leadIn + truth.Count;
        _wanted = new UInt128[Steps];
        _onsets = new UInt128[Steps];
        for (int t = 0; t < truth.Count; t++)
        {
            _wanted[leadIn + t] = truth.Steps[t];
            _onsets[leadIn + t] = truth.Steps[t] & ~(t > 0 ? truth.Steps[t - 1] : 0);
        }
    }

    /// <summary>Steps of the song, lead-in included.</summary>
    public int Steps { get; }

    /// <summary>Keys that should be down at the end of a step.</summary>
    public UInt128 Wanted(int step) => _wanted[step];

    /// <summary>Cost of the step that a world has just done.</summary>
    /// <param name="step">Control step.</param>
    /// <param name="world">At the end of the step.</param>
    /// <param name="history">Keys before the step; afterwards those before the next.</param>
    public SampleCost Of(int step, DrivenWorld world, ref KeyHistory history)
    {
        UInt128 down = KeyRoll.Mask(world.KeysHeard);
        double faults = Faults(step, down, ref history);
        return new SampleCost(faults, faults + Shape(step, world, down));
    }

    /// <summary>1 − F1 of the step, and a price for every onset that is missed or too many, with one step of tolerance.</summary>
    /// <remarks>A missed onset is known, and paid, one step later.</remarks>
    private double Faults(int step, UInt128 down, ref KeyHistory history)
    {
        UInt128 began = down & ~history.Down, wanted = _wanted[step];
        UInt128 near = Onsets(step - 1) | Onsets(step) | Onsets(step + 1);
        UInt128 missed = Onsets(step - 1) & ~(history.BeganBefore | history.Began | began);
        history = new KeyHistory(down, began, history.Began);
        if (step < _leadIn)
            return 0;
        double f1 = F1Score.FromCounts(Count(wanted & down), Count(down & ~wanted), Count(wanted & ~down)).F1;
        return 1 - f1 + (OnsetPrice * (Count(began & ~near) + Count(missed)));
    }

    /// <summary>How far wanted keys are from sounding and others from silence, and fingertips from the keys that they are to play.</summary>
    private double Shape(int step, DrivenWorld world, UInt128 down)
    {
        UInt128 wanted = _wanted[step];
        double cost = 0;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            double depth = world.KeyAngle(k) / world.World.Scene.KeyActivation[k];
            if ((wanted >> k & 1) != 0)
                cost += DepthPrice * Math.Clamp(1 - depth, 0, 1);
            else if (depth > FreeTouch)
                cost += TouchPrice * Math.Min(1, (depth - FreeTouch) / (1 - FreeTouch));
        }
        Span<double> tip = stackalloc double[3];
        for (int f = 0; f < _scene.Fingers.Count; f++)
        {
            TipTarget target = _tips[step, f];
            bool misses = target.Pressing ? (down >> target.Key & 1) == 0 : target.WeightY >= AboutToPlay;
            if (!misses)
                continue;
            _kinematics.Tip(world.World, f, tip);
            double off = Math.Abs(tip[1] - target.Y) / TipRange;
            cost += TipPrice * target.WeightY * (off < 1 ? off * off : Math.Min(MostTipRanges, (2 * off) - 1));
        }
        return cost;
    }

    private UInt128 Onsets(int step) => step >= 0 && step < Steps ? _onsets[step] : 0;

    private static int Count(UInt128 mask) => (int)UInt128.PopCount(mask);
}
