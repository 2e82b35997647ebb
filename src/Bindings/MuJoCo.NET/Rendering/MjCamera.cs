namespace MuJoCo;

/// <summary>Where a picture is taken from.</summary>
public readonly record struct MjCamera
{
    private const int FreeType = 0;
    private const int FixedType = 2;

    /// <summary>The id of the model's camera, or -1 for a free camera.</summary>
    public int FixedId { get; private init; }

    /// <summary>The point that a free camera looks at, m.</summary>
    public (double X, double Y, double Z) LookAt { get; private init; }

    /// <summary>Distance of a free camera from that point, m.</summary>
    public double Distance { get; private init; }

    /// <summary>Azimuth of a free camera, degrees about the vertical: 90 looks along +y.</summary>
    public double Azimuth { get; private init; }

    /// <summary>Elevation of a free camera, degrees: −90 looks straight down.</summary>
    public double Elevation { get; private init; }

    /// <summary>A free camera.</summary>
    /// <param name="lookAt">The point to look at, m, 3.</param>
    /// <param name="distance">Distance from it, m.</param>
    /// <param name="azimuth">Degrees about the vertical: 90 looks along +y.</param>
    /// <param name="elevation">Degrees: −90 looks straight down.</param>
    public static MjCamera Free(ReadOnlySpan<double> lookAt, double distance, double azimuth, double elevation)
    {
        if (lookAt.Length != 3)
            throw new ArgumentException($"has {lookAt.Length} elements, 3 are needed", nameof(lookAt));
        return new MjCamera
        {
            FixedId = -1,
            LookAt = (lookAt[0], lookAt[1], lookAt[2]),
            Distance = distance,
            Azimuth = azimuth,
            Elevation = elevation,
        };
    }

    /// <summary>The free camera that shows the whole model, from the angles in its XML (<c>visual/global</c>).</summary>
    public static unsafe MjCamera Default(MjModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        NativeCamera camera;
        MjVisualNative.mjv_defaultFreeCamera(model.Handle, &camera);
        return Free(new ReadOnlySpan<double>(camera.lookat, 3), camera.distance, camera.azimuth, camera.elevation);
    }

    /// <summary>A camera of the model.</summary>
    /// <exception cref="MuJoCoException">The model has none of this name.</exception>
    public static MjCamera Fixed(MjModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new MjCamera { FixedId = model.RequireId(MjObject.Camera, name) };
    }

    /// <summary>The camera in MuJoCo's terms.</summary>
    internal unsafe NativeCamera ToNative()
    {
        var camera = new NativeCamera
        {
            type = FixedId < 0 ? FreeType : FixedType,
            fixedcamid = FixedId,
            trackbodyid = -1,
            distance = Distance,
            azimuth = Azimuth,
            elevation = Elevation,
        };
        (camera.lookat[0], camera.lookat[1], camera.lookat[2]) = LookAt;
        return camera;
    }
}
