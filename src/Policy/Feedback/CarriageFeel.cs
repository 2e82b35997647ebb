using Legato.Sim.Scene;

namespace Legato.Policy.Feedback;

/// <summary>How much earlier carriages are to be commanded so that they move as the plan's own did, from where they are measured.</summary>
/// <remarks>
/// A rail whose delay, gain or damping is not the simulator's is late by a time: its error is in proportion to its speed. The time is the slope of a
/// regression through zero that forgets slowly and begins with the belief in what is heard of the hand. One thread at a time; nothing is allocated
/// after construction.
/// </remarks>
/// <param name="model">The carriages and the plan's motion; without motion nothing is ever late.</param>
/// <param name="leadIn">Control steps before the song: a robot may begin anywhere, not where the simulator did, and catches up with the plan in them.</param>
internal sealed class CarriageFeel(FeedbackModel model, int leadIn)
{
    // Part of what is known that is still believed a control step later.
    private const double Memory = 0.99;

    // A difference to what is heard of less than this is none, control steps.
    private const double Least = 0.05;

    // Worth of the belief in what is heard: one control step at this speed, m per step.
    private const double Doubt = 0.02;

    private readonly double[] _errors = new double[2];
    private readonly double[] _product = new double[model.Carriages.Count], _square = new double[model.Carriages.Count], _lead = new double[model.Carriages.Count];

    /// <summary>Control steps by which to command a carriage earlier.</summary>
    /// <param name="carriage">An index into <see cref="FeedbackModel.Carriages"/>.</param>
    public double Lead(int carriage) => _lead[carriage];

    /// <summary>Lets a control step pass.</summary>
    /// <param name="heard">By what is heard, how much earlier to command the hands, control steps; right first.</param>
    public void Step(ReadOnlySpan<double> heard)
    {
        for (int c = 0; c < _lead.Length; c++)
        {
            double believed = heard[(int)model.Carriages[c].Side];
            double felt = (_product[c] + (Doubt * Doubt * believed)) / (_square[c] + (Doubt * Doubt));
            double wanted = Math.Abs(felt - believed) < Least ? believed : Math.Clamp(felt, -PlayingFeedback.LongestLag, PlayingFeedback.LongestLead);
            _lead[c] = Math.Clamp(wanted, _lead[c] - PlayingFeedback.Pace, _lead[c] + PlayingFeedback.Pace);
        }
    }

    /// <summary>How far along the keyboard a hand's carriage is from where it should be, m along the world's y.</summary>
    public double Error(HandSide side) => _errors[(int)side];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_errors);
        Array.Clear(_product);
        Array.Clear(_square);
        Array.Clear(_lead);
    }

    /// <summary>Takes in where the carriages were around the end of a step.</summary>
    /// <param name="end">When they were measured: 3.5 is in the middle of the step after the third's end.</param>
    /// <param name="joints">Measured positions, in the order of the scene's joints, NaN where one is missing; empty if nothing is measured.</param>
    /// <param name="place">Where the hands were told to be beside the plan.</param>
    public void Feel(double end, ReadOnlySpan<double> joints, PlaceEstimate place)
    {
        int before = (int)Math.Ceiling(end) - 1;
        if (joints.IsEmpty || model.Motion is not { } motion || before < leadIn || before + 1 >= motion.Steps)
            return;
        for (int c = 0; c < model.Carriages.Count; c++)
        {
            Carriage carriage = model.Carriages[c];
            double from = motion[before][carriage.Actuator], speed = motion[before + 1][carriage.Actuator] - from;
            double error = joints[carriage.Joint] - from - ((end - before) * speed);
            // A gap in the measurements must not end up in a command.
            if (!double.IsFinite(error))
                continue;
            if (carriage.AlongKeyboard != 0)
            {
                error -= place.Aside(carriage.Side) / carriage.AlongKeyboard;
                _errors[(int)carriage.Side] = error * carriage.AlongKeyboard;
            }
            // What is left of the lag, and what is made up for already.
            _product[c] = (Memory * _product[c]) - (error * speed) + (_lead[c] * speed * speed);
            _square[c] = (Memory * _square[c]) + (speed * speed);
        }
    }
}
