using Legato.Music;
using Legato.Policy.Bundles;
using Legato.Policy.Learning.OnRobot;
using Legato.Policy.Learning.Training;
using Legato.Policy.Networks;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Sim;
using Legato.Sim.Scene;
using Legato.Sim.Tasks;
using Legato.Sim.Tasks.Observations;

namespace Legato.Runtime.Experiments;

/// <summary>Plays the nominal plan of a bundle, corrected by its network from what the rig reports: joints, and keys heard.</summary>
/// <remarks>Evaluated without libtorch; <see cref="Act"/> and <see cref="Hear"/> allocate nothing.</remarks>
public sealed class ResidualPolicy : IPolicy
{
    private readonly PianoTask _task;
    private readonly TaskState _state;
    private readonly FeedForwardNetwork _network;
    private readonly float[] _observation, _action;
    private readonly IPriorPlayer? _prior;
    private readonly double[] _planned;
    private readonly ExplorationTape? _exploration;
    private readonly SceneJoints _joints;
    private HeardKeys _keys;

    /// <summary>Builds the policy.</summary>
    /// <param name="bundle">A bundle with a network.</param>
    /// <param name="scene">The scene that models the robot; it must outlive the policy.</param>
    /// <param name="trajectory">What the bundle plays.</param>
    /// <param name="exploration">What to try beside, and where to keep what was seen and done; null to play what the network says.</param>
    /// <exception cref="InputException">The network observes what a rig does not report, or not what its task says.</exception>
    public ResidualPolicy(PolicyBundle bundle, PianoScene scene, NoteTrajectory trajectory, ExplorationTape? exploration = null)
    {
        if (bundle.Network is not { } network)
            throw new ArgumentException("The bundle has no network.", nameof(bundle));
        string who = $"policy for '{bundle.Manifest.Song}'";
        _task = SongTask.Of(bundle, scene, trajectory);
        TaskDefinition definition = _task.Definition;
        if ((definition.Privileged ? "how things really stand" : definition.Observations.FirstOrDefault(name => !ObservationKinds.IsReported(name))) is { } hidden)
            throw new InputException($"{who}: observes {hidden}, which no rig reports; train with another task");
        (_network, _exploration) = (network.Build(who), exploration);
        _state = new TaskState(scene, _task.Song);
        (_observation, _action) = (new float[_network.Inputs], new float[_network.Outputs]);
        (_prior, _planned) = (_task.NewPriorPlayer(), new double[_state.Command.Length]);
        (Actuators, Steps) = (bundle.Commands.Actuators, bundle.Commands.Steps);
        _joints = new SceneJoints(scene.Joints);
    }

    /// <inheritdoc/>
    public JointLayout Actuators { get; }

    /// <inheritdoc/>
    public int Steps { get; }

    /// <inheritdoc/>
    public void Hear(in KeyEvent key) => _keys.Hear(key);

    /// <inheritdoc/>
    public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
    {
        if (step == 0)
        {
            Array.Clear(_state.Action);
            Array.Clear(_state.Command);
            _prior?.Reset();
        }
        (_state.Step, _state.EpisodeStep, _state.ReportedKeys) = (step, step, _keys.Down);
        _state.ReportAge = measured.AgeAt(now) / SceneOptions.ControlPeriod;
        _joints.Positions(measured).CopyTo(_state.ReportedPositions);
        _joints.Velocities(measured).CopyTo(_state.ReportedVelocities);
        if (_task.Actions.Decides(step))
        {
            _task.Observations.Write(_state, _observation);
            _network.Evaluate(_observation, _action);
            _exploration?.Play(step, _observation, _action);
        }
        _state.Action.CopyTo(_state.PreviousAction, 0);
        _state.Command.CopyTo(_state.PreviousCommand, 0);
        _prior?.Play(step, _state, _planned);
        _task.Actions.Apply(_action, step, _planned, _state.Action, _state.Command);
        _state.Command.AsSpan(..^1).CopyTo(targets);
        pedal = _state.Command[^1];
    }
}
