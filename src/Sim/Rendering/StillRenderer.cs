using Legato.Sim.Piano;
using Legato.Sim.Scene;
using Legato.Sim.World;

using MuJoCo;

namespace Legato.Sim.Rendering;

/// <summary>Pictures of the rig off screen: given joints and keys, without stepping.</summary>
/// <remarks>One thread at a time. Keys that are down are green, as in RoboPianist.</remarks>
public sealed class StillRenderer : IDisposable
{
    private static readonly float[] Pressed = [0.2f, 0.8f, 0.2f, 1];

    private readonly PianoScene _scene;
    private readonly PianoWorld _world;
    private readonly MjRenderer _renderer;
    private readonly float[] _colours;

    /// <summary>Creates a renderer.</summary>
    /// <param name="scene">What to draw; copied.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <exception cref="MuJoCoException">There is no way to draw on this machine.</exception>
    public StillRenderer(PianoScene scene, int width, int height)
    {
        _scene = scene.Clone();
        _world = new PianoWorld(_scene);
        _colours = _scene.Model.GeomRgba.ToArray();
        _renderer = new MjRenderer(_scene.Model, width, height);
    }

    /// <summary>Names of the scene's cameras.</summary>
    public static IReadOnlyList<string> Cameras { get; } = ["fallboard", "player", "topdown"];

    /// <summary>Draws a picture and writes it as PNG.</summary>
    /// <param name="joints">Joint positions, order of the scene's joints.</param>
    /// <param name="keysDown">Which of the 88 keys are down.</param>
    /// <param name="camera">One of <see cref="Cameras"/>.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(ReadOnlySpan<double> joints, ReadOnlySpan<bool> keysDown, string camera, string path)
    {
        Span<float> rgba = _scene.Model.GeomRgba;
        _colours.CopyTo(rgba);
        Span<double> qpos = _world.Data.Qpos;
        for (int k = 0; k < PianoGeometry.KeyCount; k++)
        {
            qpos[_scene.KeyQposAddresses[k]] = keysDown[k] ? _scene.KeyTravel[k] : 0;
            if (keysDown[k])
                Pressed.CopyTo(rgba.Slice(4 * GeomOf(PianoGeometry.Keys[k]), 4));
        }
        _world.SetJoints(joints);
        _renderer.Render(_world.Data, MjCamera.Fixed(_scene.Model, camera));
        try
        {
            _renderer.SavePng(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot write the picture: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _renderer.Dispose();
        _world.Dispose();
        _scene.Dispose();
    }

    private int GeomOf(PianoKey key) => _scene.Model.BodyGeomAdr[_scene.Model.RequireId(MjObject.Body, key.BodyName)];
}
