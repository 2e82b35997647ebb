using System.Globalization;
using System.Text;

namespace Legato.Tests.RobotDriver.Lab;

/// <summary>A motor controller of software with two axes that jump to every set-point.</summary>
internal sealed class FakeOdrive : IDisposable
{
    private const int ClosedLoop = 8;

    private readonly double[] _turns = new double[2];
    private readonly Dictionary<string, long> _properties = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];
    private readonly Thread _thread;
    private volatile bool _stopping;

    public FakeOdrive(int state = 1)
    {
        _properties["vbus_voltage"] = 24;
        for (int axis = 0; axis < 2; axis++)
        {
            _properties[$"axis{axis}.error"] = 0;
            _properties[$"axis{axis}.current_state"] = state;
        }
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public PluggedDevice Device { get; } = new();

    /// <summary>Changes the answer to a line; null leaves it out.</summary>
    public volatile Func<string, string, string?> Distort = static (_, answer) => answer;

    public volatile bool Checksum;

    public void Set(string property, long value)
    {
        lock (_log)
            _properties[property] = value;
    }

    public void SetTurns(double first, double second)
    {
        lock (_log)
            (_turns[0], _turns[1]) = (first, second);
    }

    /// <summary>Lines received so far.</summary>
    public string[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public void Dispose()
    {
        _stopping = true;
        Device.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        byte[] buffer = new byte[256];
        var line = new StringBuilder();
        while (!_stopping)
        {
            try
            {
                int count = Device.Terminal.Read(buffer, TimeSpan.FromMilliseconds(20));
                foreach (byte each in buffer.AsSpan(0, count))
                {
                    if (each != '\n')
                    {
                        line.Append((char)each);
                        continue;
                    }
                    Answer(line.ToString());
                    line.Clear();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
            {
                // Unplugged; perhaps it comes back.
                Thread.Yield();
            }
        }
    }

    private void Answer(string line)
    {
        string? answer;
        lock (_log)
        {
            _log.Add(line);
            answer = Checksum && !TryUnseal(ref line) ? null : Execute(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        answer = answer is null ? null : Distort(line, answer);
        if (answer is null)
            return;
        if (Checksum)
            answer += $"*{Sum(answer)}";
        Device.Terminal.Write(Encoding.ASCII.GetBytes(answer + "\r\n"));
    }

    private string? Execute(string[] words)
    {
        switch (words)
        {
            case ["t", var axis, var turns]:
                _turns[int.Parse(axis, CultureInfo.InvariantCulture)] = double.Parse(turns, CultureInfo.InvariantCulture);
                return null;
            case ["f", var axis]:
                return string.Create(CultureInfo.InvariantCulture, $"{_turns[int.Parse(axis, CultureInfo.InvariantCulture)]:F6} 0.250000");
            case ["r", var property] when _properties.TryGetValue(property, out long value):
                return value.ToString(CultureInfo.InvariantCulture);
            case ["w", var property, "8"] when property.EndsWith("requested_state", StringComparison.Ordinal):
                _properties[property.Replace("requested", "current", StringComparison.Ordinal)] = ClosedLoop;
                return null;
            default:
                return "unknown command";
        }
    }

    private static bool TryUnseal(ref string line)
    {
        int star = line.LastIndexOf('*');
        if (star < 0 || line[(star + 1)..] != Sum(line[..star]).ToString(CultureInfo.InvariantCulture))
            return false;
        line = line[..star];
        return true;
    }

    private static int Sum(string text) => text.Aggregate(0, (sum, each) => sum ^ each);
}
