using Legato.Sim.Parameters;
using Legato.Sim.Scene;

namespace Legato.Sim.Tasks.Rigs;

/// <summary>A rig to practise on: a scene with parameters, and the parameters for what the scene cannot hold (lags of reports).</summary>
/// <param name="Scene">The scene, parameters applied (<see cref="SceneParameters.With"/>).</param>
/// <param name="Parameters">The same parameters.</param>
public sealed record SimRig(PianoScene Scene, SimParameters Parameters);
