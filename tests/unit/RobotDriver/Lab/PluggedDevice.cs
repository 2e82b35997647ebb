using SerialPorts;

namespace Legato.Tests.RobotDriver.Lab;

/// <summary>A device of software behind a name that stays when it is unplugged and plugged in again, as in /dev/serial/by-id.</summary>
internal sealed class PluggedDevice : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-device-").FullName;
    private PseudoTerminal? _terminal;

    public PluggedDevice() => PlugIn();

    public string Path => System.IO.Path.Combine(_folder, "device");

    public PseudoTerminal Terminal => _terminal ?? throw new InvalidOperationException("It is unplugged.");

    public void PlugIn()
    {
        _terminal = PseudoTerminal.Open();
        File.CreateSymbolicLink(Path, _terminal.SlavePath);
    }

    public void Unplug()
    {
        File.Delete(Path);
        _terminal?.Dispose();
        _terminal = null;
    }

    public void Dispose()
    {
        Unplug();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until something is so, and fails when it never is.</summary>
    public static void Eventually(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Patience), $"never: {what}");
}
