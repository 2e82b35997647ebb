namespace Legato.RobotDriver.StandIn;

/// <summary>A folder with a fixed name for every device, as udev makes them for real ones.</summary>
internal sealed class DeviceLinks : IDisposable
{
    private readonly string _folder;
    private readonly bool _isOurs;
    private readonly List<string> _links = [];

    /// <summary>Uses a folder, or makes a fresh one under the system's folder for temporary files.</summary>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public DeviceLinks(string? folder)
    {
        _isOurs = folder is null;
        try
        {
            _folder = folder is null ? Directory.CreateTempSubdirectory("legato-rig-").FullName : Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: cannot make a folder for the devices ({e.Message}); choose another with --devices", e);
        }
    }

    /// <summary>Gives a device its name; what a stand-in that was killed left there is replaced.</summary>
    /// <exception cref="InputException">Something else has the name.</exception>
    public string Add(string name, string device)
    {
        string path = Path.Combine(_folder, name);
        try
        {
            if (new FileInfo(path).LinkTarget is not null)
                File.Delete(path);
            File.CreateSymbolicLink(path, device);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot link the device there ({e.Message}); choose another folder with --devices", e);
        }
        if (!_links.Contains(path))
            _links.Add(path);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string link in _links)
            File.Delete(link);
        if (_isOurs)
            Directory.Delete(_folder);
    }
}
