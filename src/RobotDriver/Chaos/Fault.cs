using Legato.Sim;

namespace Legato.RobotDriver.Chaos;

/// <summary>Something that goes wrong for a while. What it does to whom is a matter of the kinds below it.</summary>
/// <param name="kind">Its kind, as scenario files name it.</param>
/// <param name="window">When.</param>
public abstract class Fault(string kind, FaultWindow window)
{
    /// <summary>Its kind, as scenario files name it.</summary>
    public string Kind { get; } = kind;

    /// <summary>When it is there.</summary>
    public FaultWindow Window { get; } = window;
}

/// <summary>A fault between a control loop and its robot, injected by <see cref="ChaosRobot"/>. The default of every member is to pass on.</summary>
/// <remarks>
/// Its members are called by the control thread, in every cycle, open or not, so that a fault can clean up after itself. They
/// allocate nothing after the first call. An instance serves one robot.
/// </remarks>
/// <param name="kind">Its kind.</param>
/// <param name="window">When.</param>
public abstract class RobotFault(string kind, FaultWindow window) : Fault(kind, window)
{
    /// <summary>True while it asks the run to stop as the rig's e-stop does.</summary>
    public virtual bool StopsRig => false;

    /// <summary>True while it asks the run to stop as an operator does.</summary>
    public virtual bool StopsOperator => false;

    /// <summary>Prepares for a robot: finds joints by name, makes buffers, seeds its random numbers.</summary>
    /// <param name="robot">The robot, perhaps not connected yet.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <exception cref="InputException">The robot has no such joint; the message lists those it has.</exception>
    public virtual void Bind(IRobot robot, int seed)
    {
    }

    /// <summary>Changes, holds back or makes up a report.</summary>
    /// <param name="open">Whether the window is open.</param>
    /// <param name="now">Now, in the robot's time.</param>
    /// <param name="report">The report, if there is one; receives the one that is passed on.</param>
    /// <param name="fresh">Whether there is one.</param>
    /// <returns>Whether one is passed on.</returns>
    public virtual bool OnReport(bool open, long now, RobotState report, bool fresh) => fresh;

    /// <summary>Changes, holds back or repeats a command.</summary>
    /// <param name="open">Whether the window is open.</param>
    /// <param name="now">Now, in the robot's time.</param>
    /// <param name="command">Targets in the order of the robot's actuators; receives those that are passed on.</param>
    /// <param name="pedal">The pedal.</param>
    /// <returns>How often the command is sent.</returns>
    public virtual int OnCommand(bool open, long now, Span<double> command, ref double pedal) => 1;

    /// <summary>Changes or swallows a key event.</summary>
    /// <returns>Whether it is passed on.</returns>
    public virtual bool OnKey(bool open, long now, ref KeyEvent key) => true;

    /// <summary>Adds key events of its own. Called once per cycle or more often, after <see cref="OnKey"/>.</summary>
    public virtual bool TryMakeKey(bool open, long now, out KeyEvent key)
    {
        key = default;
        return false;
    }

    /// <summary>Finds a joint or an actuator.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    protected int Find(JointLayout layout, string name)
    {
        int index = layout.IndexOf(name);
        return index >= 0 ? index : throw new InputException($"fault {Kind}: the robot has no '{name}'; it has {string.Join(", ", layout.Names)}");
    }
}
