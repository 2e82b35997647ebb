using Legato.Runtime.Calibration;
using Legato.SystemId.Calibration;
using Legato.SystemId.Checks;

namespace Legato.Runtime.Improvement;

/// <summary>What a workshop works with.</summary>
public sealed record WorkshopOptions
{
    /// <summary>YAML of the robot.</summary>
    public required string Robot { get; init; }

    /// <summary>YAML of a reality that replaces a simulated robot's own; null for its own.</summary>
    public string? Reality { get; init; }

    /// <summary>Folder of the loop: policies and motions lie in it.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder of all runs.</summary>
    public required string Runs { get; init; }

    /// <summary>Tempo of the songs as a fraction of the written one.</summary>
    /// <value>Default 1.</value>
    public double Tempo { get; init; } = 1;

    /// <summary>Folder of planned motions for identification; null to plan them once per loop.</summary>
    public string? Excitation { get; init; }

    /// <summary>Time for planned motions, s.</summary>
    /// <value>Default 75.</value>
    public double ExcitationSeconds { get; init; } = 75;

    /// <summary>Time for random motions that judge the fits, s; the first motion may take longer.</summary>
    /// <value>Default 20.</value>
    public double HoldOutSeconds { get; init; } = 20;

    /// <summary>Recordings that miss more messages than this are not fitted; those that were cut never are.</summary>
    /// <value>Default 0.</value>
    public long AcceptedLosses { get; init; }

    /// <summary>Parameters of which the check of the runs says whether they are determined.</summary>
    /// <value>Default: those of <c>calibrate check</c>.</value>
    public IReadOnlyList<string> Checked { get; init; } = DataCheck.DefaultParameters;

    /// <summary>What is fitted, from how much data.</summary>
    /// <value>Default: as <c>calibrate fit</c>.</value>
    public CalibrationOptions Calibration { get; init; } = new();

    /// <summary>Why a recording is not fitted; null if it is. Nobody is there to accept a low grade by name.</summary>
    internal string? RefusalOf(RunImport run) => run.Recording switch
    {
        { Grade: "D" or "E" or "F" } recording => $"graded {recording.Grade} as a measurement: {recording.GradeReason}",
        { Losses: [{ } loss, ..] } when !(run.LostMessages <= AcceptedLosses) => loss,
        _ => null,
    };
}
