using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rigs;

/// <summary>A rig to practise on: a scene with parameters, and what the scene cannot hold: how the rig reports.</summary>
/// <param name="Scene">The scene, parameters applied (<see cref="SceneParameters.With"/>).</param>
/// <param name="Parameters">The same parameters.</param>
/// <param name="ReportFilter">Time constant of the filter on reported joints, s; 0 is none (<see cref="Drives.ReportFilter"/>).</param>
public sealed record SimRig(PianoScene Scene, SimParameters Parameters, double ReportFilter = 0);
