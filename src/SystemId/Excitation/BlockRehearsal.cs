using System.Globalization;

using Legato.Sim;
using Legato.Sim.Drives;
using Legato.Sim.Parameters;
using Legato.Sim.Piano;
using Legato.Sim.Scene;

using MuJoCo;

namespace Legato.SystemId.Excitation;

/// <summary>Plays blocks in the simulator and refuses those that touch anything but their keys, or break the limits.</summary>
/// <remarks>
/// In free air the hands also keep a distance from the piano, because the real one is not exactly where the simulator's is. One thread at a time.
/// </remarks>
public sealed class BlockRehearsal : IDisposable
{
    /// <summary>Distance from the piano that motions in free air keep, m: what a keyboard may be off in height, twice over.</summary>
    public const double Clearance = 0.008;

    // Sizes that are tried, as fractions of the first one.
    private const double Shrink = 0.8;
    private const int Attempts = 8;

    private readonly PianoScene _scene;
    private readonly DrivenWorld _world;
    private readonly ExcitationLimits _limits;
    private readonly int[] _keyOfBody;

    /// <summary>Prepares rehearsals.</summary>
    /// <param name="scene">The scene with all contacts, without parameters; it stays the caller's.</param>
    /// <param name="parameters">The rig as far as it is known.</param>
    /// <param name="limits">What blocks keep.</param>
    public BlockRehearsal(PianoScene scene, SimParameters parameters, ExcitationLimits limits)
    {
        _limits = limits;
        using PianoScene full = scene.WithContacts(ContactSet.Full);
        _scene = full.With(parameters);
        MjModel model = _scene.Model;
        for (int g = 0; g < model.NGeom; g++)
        {
            // Near contacts are found and push nothing: the gap is as wide as the margin. Hands have contact type 1, the piano 0.
            if (model.GeomContype[g] == 0)
                model.GeomMargin[g] = model.GeomGap[g] = Clearance;
        }
        _keyOfBody = [.. Enumerable.Repeat(-1, model.NBody)];
        foreach (PianoKey key in PianoGeometry.Keys)
            _keyOfBody[model.JntBodyId[model.RequireId(MjObject.Joint, key.JointName)]] = key.Index;
        _world = new DrivenWorld(_scene);
    }

    /// <summary>What is wrong with a block, in words; null if nothing is.</summary>
    public string? Fault(ExcitationBlock block)
    {
        if (_limits.Fault(block.Targets, SceneOptions.ControlPeriod) is { } fault)
            return fault;
        _world.Start(JointsAt(_scene, block.Targets[0]), new double[_scene.Joints.Count], block.Targets[0]);
        for (int step = 0; step < block.Targets.Count; step++)
        {
            _world.Send(block.Targets[step]);
            for (int s = 0; s < _scene.Options.Substeps; s++)
            {
                _world.Step();
                if (Contact(block) is { } contact)
                    return string.Create(CultureInfo.InvariantCulture, $"{contact} at step {step}");
            }
        }
        return _world.World.Data.Diverged ? "its simulation diverges" : null;
    }

    /// <summary>The block, made smaller where it has to be; null if it is not safe at any size that is worth its time.</summary>
    /// <remarks>Motions that touch keys are taken as they are or not at all: a smaller one would miss its key.</remarks>
    public ExcitationBlock? MakeSafe(ExcitationBlock block)
    {
        double size = 1;
        for (int attempt = 0; attempt < (block.Keys.Count > 0 ? 1 : Attempts); attempt++, size *= Shrink)
        {
            ExcitationBlock smaller = attempt == 0 ? block : block.Scaled(size);
            if (Fault(smaller) is null)
                return smaller;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _world.Dispose();
        _scene.Dispose();
    }

    /// <summary>Joint positions that belong to actuator coordinates: coupled joints share alike.</summary>
    internal static double[] JointsAt(PianoScene scene, IReadOnlyList<double> actuators)
    {
        var joints = new double[scene.Joints.Count];
        for (int a = 0; a < actuators.Count; a++)
        {
            IReadOnlyList<int> own = scene.JointsOf(a);
            foreach (int j in own)
                joints[j] = actuators[a] / own.Count;
        }
        return joints;
    }

    private string? Contact(ExcitationBlock block)
    {
        MjModel model = _scene.Model;
        foreach (MjContact contact in _world.World.Data.Contacts)
        {
            int a = model.GeomBodyId[contact.Geom1], b = model.GeomBodyId[contact.Geom2];
            int key = Math.Max(_keyOfBody[a], _keyOfBody[b]);
            bool isPiano = model.GeomContype[contact.Geom1] == 0 || model.GeomContype[contact.Geom2] == 0;
            bool isNear = isPiano && block.Keys.Count == 0;
            if (!block.Keys.Contains(key) && (isNear || contact.Dist < 0))
                return $"{model.Name(MjObject.Body, a)} meets {model.Name(MjObject.Body, b)}";
        }
        return null;
    }
}
