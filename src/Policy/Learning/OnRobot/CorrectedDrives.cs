using Legato.Policy.Bundles;
using Legato.Policy.Networks;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;

namespace Legato.Policy.Learning.OnRobot;

/// <summary>The drives that a robot learns to correct, and how far: of first, middle, ring and little finger those of J4, J3 and J0.</summary>
/// <remarks>Bounds are HandelBot's (arXiv 2603.12243): 0.22 rad sideways, 0.15 rad of flexion. Immutable and thread-safe.</remarks>
public sealed class CorrectedDrives
{
    private const double Sideways = LateralRefinement.Largest, Flexion = 0.15;

    private readonly int[] _drives;
    private readonly float[] _scales;
    private readonly int _width;

    /// <summary>Finds them.</summary>
    /// <param name="scene">The hands.</param>
    /// <param name="task">Says how far a residual action reaches.</param>
    /// <exception cref="InputException">The task's factor is too small for the bounds.</exception>
    public CorrectedDrives(PianoScene scene, PianoTask task)
    {
        _width = task.Actions.Size;
        var drives = new List<(int Drive, int Finger, double Bound)>();
        for (int f = 0; f < scene.Fingers.Count; f++)
        {
            FingerSite finger = scene.Fingers[f];
            foreach ((string joint, double bound) in finger.Digit == 0 ? [] : ((string, double)[])[("J4", Sideways), ("J3", Flexion), ("J0", Flexion)])
            {
                if (scene.Actuators.IndexOf(finger.Side.Prefix() + "A_" + finger.DigitName + joint) is >= 0 and int drive)
                    drives.Add((drive, f, bound));
            }
        }
        _drives = [.. drives.Select(d => d.Drive)];
        Fingers = [.. drives.Select(d => d.Finger)];
        IsLateral = [.. drives.Select(d => d.Bound == Sideways)];
        _scales = [.. drives.Select(d => (float)(d.Bound / (task.Definition.Action.Factor * (scene.ControlHigh[d.Drive] - scene.ControlLow[d.Drive]))))];
        if (task.Definition.Action.Kind != ActionKind.Residual || _scales.Any(s => s > 1))
            throw new InputException($"corrections on the robot need action.kind residual with action.factor {task.Definition.Action.Factor * _scales.Max():0.###} or more; see hardware/config/tasks/handelbot.yaml");
        Limits = new float[_width];
        for (int i = 0; i < Count; i++)
            Limits[_drives[i]] = _scales[i];
    }

    /// <summary>Drives that are corrected.</summary>
    public int Count => _drives.Length;

    /// <summary>The finger of each, an index into the scene's fingers.</summary>
    public IReadOnlyList<int> Fingers { get; }

    /// <summary>Whether each moves its finger sideways.</summary>
    public IReadOnlyList<bool> IsLateral { get; }

    /// <summary>Largest magnitude of each element of the task's action: 0 for all that is not corrected.</summary>
    public float[] Limits { get; }

    /// <summary>The task's action for corrections of −1..1 of their bounds.</summary>
    public void Spread(ReadOnlySpan<float> corrections, Span<float> action)
    {
        action.Clear();
        for (int i = 0; i < Count; i++)
            action[_drives[i]] = corrections[i] * _scales[i];
    }

    /// <summary>The corrections that <see cref="Spread(ReadOnlySpan{float}, Span{float})"/> made an action of.</summary>
    public void Gather(ReadOnlySpan<float> action, Span<float> corrections)
    {
        for (int i = 0; i < Count; i++)
            corrections[i] = action[_drives[i]] / _scales[i];
    }

    /// <summary>A network of corrections, followed by a layer that spreads them over the task's action.</summary>
    public TrainedNetwork Spread(TrainedNetwork network)
    {
        string name = FormattableString.Invariant($"{network.Description.Layers.Count}.");
        float[] weights = new float[_width * Count];
        for (int i = 0; i < Count; i++)
            weights[(_drives[i] * Count) + i] = _scales[i];
        return new TrainedNetwork(
            network.Description with { Layers = [.. network.Description.Layers, new LinearLayer(_width, Bias: false)] },
            new Dictionary<string, SafeTensor>(network.Tensors) { [name + "weight"] = new SafeTensor<float>([_width, Count], weights) });
    }
}
