namespace Legato.RobotDriver.Lab;

/// <summary>A part of the rig that delivers on a thread of its own.</summary>
/// <remarks>All members are thread-safe.</remarks>
internal interface IRigPart : IDisposable
{
    /// <summary>Completes when the part has delivered for the first time.</summary>
    Task Ready { get; }

    /// <summary>What keeps it from being ready, for people, in one line.</summary>
    string Missing { get; }

    /// <summary>What went wrong beyond repair, or null: a defect of this program, not of the rig.</summary>
    Exception? Failure { get; }

    /// <summary>Starts its thread.</summary>
    void Start();
}
