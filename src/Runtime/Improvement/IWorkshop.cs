using Legato.Runtime.Experiments;

namespace Legato.Runtime.Improvement;

/// <summary>A policy, and what it cost.</summary>
/// <param name="Policy">Folder of the bundle.</param>
/// <param name="PredictedF1">F1 in the simulator that it was made in; null where it was made on the robot.</param>
/// <param name="RobotSeconds">Time that the robot moved for it, s.</param>
/// <param name="Learning">What its network has learnt; null where it has none.</param>
public sealed record Trained(string Policy, double? PredictedF1, double RobotSeconds = 0, LearningFigures? Learning = null);

/// <summary>What a network has learnt, judged on rigs of the same kind that it was not trained on.</summary>
/// <param name="EnvSteps">Control steps trained, without those of the policy that it began with.</param>
/// <param name="PlanF1">Mean F1 of the plan alone.</param>
/// <param name="PolicyF1">Mean F1 with the network.</param>
public sealed record LearningFigures(long EnvSteps, double PlanF1, double PolicyF1);

/// <summary>Motions for identification, recorded.</summary>
/// <param name="Run">Run for the fit.</param>
/// <param name="HoldOut">Run with other motions, which no fit may see; null for none.</param>
/// <param name="Seconds">Time that the robot moved for both, s.</param>
public sealed record Excited(string Run, string? HoldOut, double Seconds);

/// <summary>What a calibration found.</summary>
/// <param name="Parameters">YAML of the fitted parameters.</param>
/// <param name="Folder">Folder with the evidence.</param>
/// <param name="HoldOut">Error on motions that the fit did not see, before and after, in units of the encoders' noise; null where none were held out.</param>
/// <param name="Moved">Parameters that were fitted, and by how many of their prior's standard deviations they moved.</param>
public sealed record Calibrated(string Parameters, string Folder, HoldOutError? HoldOut, IReadOnlyDictionary<string, double> Moved);

/// <summary>A rig like the robot but for one thing, in which it is as the simulator believes.</summary>
/// <param name="Name">That thing.</param>
/// <param name="Reality">YAML of the rig.</param>
public sealed record AlteredRig(string Name, string Reality);

/// <summary>Error on held-out motions.</summary>
public sealed record HoldOutError(double Before, double After);

/// <summary>Everything that the improvement loop has others do: learner, robot, calibration. One call at a time.</summary>
/// <remarks>Every call may be repeated after a crash: what was done is found or done again.</remarks>
public interface IWorkshop
{
    /// <summary>Plans or trains a song for a simulator.</summary>
    /// <param name="song">Name or path.</param>
    /// <param name="parameters">YAML of the simulator's parameters; null for the plain one.</param>
    /// <param name="robust">True to train for a simulator that may be wrong.</param>
    /// <param name="previous">Folder of a policy of the same song to go on from, where the learner can; null for none.</param>
    /// <param name="stop">Stops.</param>
    Task<Trained> TrainAsync(string song, string? parameters, bool robust, string? previous, CancellationToken stop);

    /// <summary>The plan of a policy, to be played row by row, whatever is heard and felt.</summary>
    /// <param name="policy">Folder of the policy's bundle.</param>
    /// <param name="folder">Where the plan goes.</param>
    Trained PlanAlone(string policy, string folder);

    /// <summary>Plays a policy on the robot: one recorded run.</summary>
    /// <param name="song">Name or path.</param>
    /// <param name="policy">Folder of the bundle.</param>
    /// <param name="seed">Seed of what a simulated rig draws in this run.</param>
    /// <param name="rig">A rig to play on instead; null for the robot as it is.</param>
    /// <param name="stop">Stops.</param>
    Task<PlayReport> PlayAsync(string song, string policy, int seed, AlteredRig? rig, CancellationToken stop);

    /// <summary>The robot without each of its differences from a simulator, where it is a simulated one; else none.</summary>
    /// <param name="parameters">YAML of the simulator's parameters; null for the plain one.</param>
    IReadOnlyList<AlteredRig> Ablate(string? parameters);

    /// <summary>Learns on the robot itself.</summary>
    /// <param name="song">Name or path.</param>
    /// <param name="policy">What to begin with.</param>
    /// <param name="performances">Most performances.</param>
    /// <param name="seed">Seed of the first performance; every further one has the next.</param>
    /// <param name="folder">Where the best policy goes.</param>
    /// <param name="stop">Stops.</param>
    Task<Trained> PractiseAsync(string song, string policy, int performances, int seed, string folder, CancellationToken stop);

    /// <summary>Plays motions that make parameters observable, and others to judge what is made of them.</summary>
    Task<Excited> ExciteAsync(int seed, CancellationToken stop);

    /// <summary>Fits the simulator to runs.</summary>
    /// <param name="runs">Folders of runs, the last one's excitation first.</param>
    /// <param name="holdOut">Folders of runs that judge the fit.</param>
    /// <param name="start">YAML to begin with; null for the plain simulator.</param>
    /// <param name="keyEvents">False to leave out what was heard.</param>
    /// <param name="folder">Where the evidence goes.</param>
    /// <param name="stop">Stops.</param>
    Task<Calibrated> CalibrateAsync(IReadOnlyList<string> runs, IReadOnlyList<string> holdOut, string? start, bool keyEvents, string folder, CancellationToken stop);
}
