namespace Legato.Runtime.Doctor;

/// <summary>The .NET runtime is new enough.</summary>
/// <param name="version">The version that runs.</param>
public sealed class RuntimeCheck(Version version) : ICheck
{
    /// <inheritdoc/>
    public string Name => ".NET runtime";

    /// <inheritdoc/>
    public CheckResult Run() => version.Major >= 10
        ? CheckResult.Ok(version.ToString())
        : CheckResult.Failed(version.ToString(), "install the .NET 10 runtime or newer");
}

/// <summary>A native library is there.</summary>
/// <param name="name">What people call it.</param>
/// <param name="version">Loads it and gives its version; null if it cannot be loaded.</param>
/// <param name="fix">How to get it.</param>
public sealed class LibraryCheck(string name, Func<string?> version, string fix) : ICheck
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public CheckResult Run() => version() is { } found ? CheckResult.Ok(found) : CheckResult.Failed("not found", fix);
}

/// <summary>Pictures can be drawn without a display.</summary>
/// <param name="renderer">Names the renderer that works, or null.</param>
public sealed class RenderCheck(Func<string?> renderer) : ICheck
{
    /// <inheritdoc/>
    public string Name => "off-screen rendering";

    /// <inheritdoc/>
    public CheckResult Run() => renderer() is { } found
        ? CheckResult.Ok(found)
        : CheckResult.Warning("neither EGL nor OSMesa works", "sudo apt-get install libegl1 libgl1-mesa-dri libosmesa6");
}

/// <summary>Runs can be written, and there is room for them.</summary>
/// <param name="folder">Where runs go.</param>
/// <param name="freeBytes">Writes a probe file to a folder and gives the free bytes there; throws where that fails.</param>
public sealed class DiskCheck(string folder, Func<string, long> freeBytes) : ICheck
{
    // Hours of recording: a run is about a megabyte per minute.
    private const long Enough = 1L << 30;

    /// <inheritdoc/>
    public string Name => "disk for runs";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        try
        {
            long free = freeBytes(folder);
            string value = FormattableString.Invariant($"{free / 1e9:0.0} GB free in {folder}");
            return free >= Enough ? CheckResult.Ok(value) : CheckResult.Warning(value, "delete old runs");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CheckResult.Failed($"cannot write to {folder}: {e.Message}", $"chown or chmod {folder}");
        }
    }
}
