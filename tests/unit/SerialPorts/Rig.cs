using SerialPorts;

namespace Legato.Tests.SerialPorts;

/// <summary>A device made of software and a port that has it open.</summary>
internal sealed class Rig : IDisposable
{
    /// <summary>Long enough for any machine; a test that needs it has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Rig()
    {
        Device = PseudoTerminal.Open();
        Port = new SerialPort(Device.SlavePath) { ReadTimeout = (int)Patience.TotalMilliseconds, WriteTimeout = (int)Patience.TotalMilliseconds };
        Port.Open();
    }

    public PseudoTerminal Device { get; }

    public SerialPort Port { get; }

    public void Dispose()
    {
        Port.Dispose();
        Device.Dispose();
    }

    /// <summary>Takes exactly so many bytes from the port.</summary>
    public static byte[] ReadExactly(SerialPort port, int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;) read += port.Read(bytes.AsSpan(read));
        return bytes;
    }

    /// <summary>Starts a blocking call on a thread of its own and returns once the kernel has put that thread to sleep in ppoll.</summary>
    public static Task<Exception?> StartAndWaitUntilBlocked(string name, Action call)
    {
        TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => ended.SetResult(Record.Exception(call))) { Name = name, IsBackground = true };
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => ended.Task.IsCompleted || IsPolling(name), Patience), "the call never blocked");
        return ended.Task;
    }

    /// <summary>What the blocking call threw.</summary>
    public static Exception? Join(Task<Exception?> call)
    {
        Assert.True(call.Wait(Patience), "the call never returned");
        return call.Result;
    }

    private static bool IsPolling(string name)
    {
        string ppoll = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "73 " : "271 ";
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).Trim() == name)
                    return File.ReadAllText(Path.Combine(task, "syscall")).StartsWith(ppoll, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // The thread ended between listing and looking; the next one may be it.
            }
        }
        return false;
    }
}
