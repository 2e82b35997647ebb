using Legato.Policy.Bundles;
using Legato.Policy.Feedback;
using Legato.Policy.Planning;
using Legato.RobotDriver;
using Legato.Runtime.Loop;
using Legato.Sim;
using Legato.Sim.Scene;

namespace Legato.Runtime.Experiments;

/// <summary>Plays the nominal plan of a bundle back: row by row, or corrected by what is heard where the bundle says so.</summary>
/// <remarks><see cref="Act"/> and <see cref="Hear"/> allocate nothing.</remarks>
public sealed class PlanPolicy : IPolicy
{
    private readonly PolicyBundle _bundle;
    private readonly SceneJoints _joints;
    private readonly PlayingFeedback? _player;
    private HeardKeys _keys;

    /// <summary>Prepares to play.</summary>
    /// <param name="bundle">A bundle without a network.</param>
    /// <param name="scene">The scene that models the robot.</param>
    public PlanPolicy(PolicyBundle bundle, PianoScene scene)
    {
        (_bundle, _joints) = (bundle, new SceneJoints(scene.Joints));
        if (bundle.Manifest.Feedback)
        {
            SongPlan plan = bundle.ToPlan();
            _player = plan.ToPlayer(scene.Fingers, FeedbackModel.Of(scene, plan));
        }
    }

    /// <summary>How the hands are commanded beside the plan; null where it is played row by row.</summary>
    public IReadOnlyList<HandFeedback>? Feedback => _player is { } player ? [.. Enum.GetValues<HandSide>().Select(side => Of(player, side))] : null;

    /// <inheritdoc/>
    public JointLayout Actuators => _bundle.Commands.Actuators;

    /// <inheritdoc/>
    public int Steps => _bundle.Commands.Steps;

    /// <inheritdoc/>
    public void Hear(in KeyEvent key) => _keys.Hear(key);

    /// <inheritdoc/>
    public void Act(int step, RobotState measured, long now, Span<double> targets, out double pedal)
    {
        if (_player is null)
            _bundle.Commands[step].CopyTo(targets);
        else
            _player.Act(step, _keys.Down, _joints.Positions(measured), measured.AgeAt(now) / SceneOptions.ControlPeriod, targets);
        pedal = _bundle.Pedal[step];
    }

    private static HandFeedback Of(PlayingFeedback player, HandSide side) => new(
        $"{side}".ToLowerInvariant(), Milliseconds(player.OnsetLead(side)), Milliseconds(player.ReleaseLead(side)), Milliseconds(player.RailLead(side)), 1000 * player.Aside(side), player.ExtraForce(side));

    private static double Milliseconds(double steps) => 1000 * SceneOptions.ControlPeriod * steps;
}
