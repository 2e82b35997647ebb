using System.Runtime.InteropServices;
using Legato.Runtime.Loop;

namespace Legato.Runtime.Doctor;

/// <summary>What the checks look through on this machine.</summary>
public static unsafe class Probes
{
    private const int Samples = 200;
    private const long SampleInterval = 1_000_000;

    /// <summary>Every check of this machine.</summary>
    /// <param name="runs">Folder of the runs.</param>
    public static IReadOnlyList<ICheck> Checks(string runs)
    {
        var machine = new ThisMachine();
        return
        [
            new RuntimeCheck(Environment.Version),
            new LibraryCheck("MuJoCo", MuJoCoVersion, "sudo apt-get install libmujoco2.2.2"),
            new LibraryCheck("Cyclone DDS", () => Load("libddsc.so.0debian") is not 0 ? "libddsc.so.0debian" : null, "sudo apt-get install libddsc0debian"),
            new RenderCheck(Renderer),
            new KernelCheck(machine),
            new RealTimeCheck(() => OnScratchThread(() => RealTimeThread.TryPromote(lockMemory: false))),
            new MemoryLockCheck(RealTimeThread.MayLockWithoutLimit),
            new ClockCheck(machine, Resolution),
            new JitterCheck(() => OnScratchThread(MeasureJitter)),
            new GovernorCheck(machine),
            new LoopbackCheck(machine),
            new UdpBufferCheck(machine),
            new SerialPortCheck(machine, CanOpen),
            new MidiCheck(machine),
            new DiskCheck(runs, FreeBytes),
        ];
    }

    /// <summary>Writes and deletes a probe file in a folder, which is created where it is missing, and gives the free bytes there.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing may be written there.</exception>
    public static long FreeBytes(string folder)
    {
        Directory.CreateDirectory(folder);
        string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        File.WriteAllText(probe, "probe");
        File.Delete(probe);
        return new DriveInfo(folder).AvailableFreeSpace;
    }

    private static nint Load(string name) => NativeLibrary.TryLoad(name, out nint library) ? library : 0;

    private static string? MuJoCoVersion()
    {
        nint library = Load("libmujoco.so.2.2.2");
        if (library == 0)
            library = Load("libmujoco.so");
        return library != 0 && NativeLibrary.TryGetExport(library, "mj_versionString", out nint version)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)version)())
            : null;
    }

    private static string? Renderer()
    {
        const int surfaceless = 0x31DD; // EGL_PLATFORM_SURFACELESS_MESA
        nint egl = Load("libEGL.so.1");
        if (egl != 0 && NativeLibrary.TryGetExport(egl, "eglGetPlatformDisplay", out nint getDisplay)
            && NativeLibrary.TryGetExport(egl, "eglInitialize", out nint initialize)
            && NativeLibrary.TryGetExport(egl, "eglTerminate", out nint terminate))
        {
            nint display = ((delegate* unmanaged<int, nint, nint, nint>)getDisplay)(surfaceless, 0, 0);
            int major, minor;
            if (display != 0 && ((delegate* unmanaged<nint, int*, int*, int>)initialize)(display, &major, &minor) != 0)
            {
                _ = ((delegate* unmanaged<nint, int>)terminate)(display);
                return FormattableString.Invariant($"EGL {major}.{minor}");
            }
        }
        return Load("libOSMesa.so.8") != 0 || Load("libOSMesa.so") != 0 ? "OSMesa" : null;
    }

    private static long Resolution()
    {
        _ = Libc.ClockGetResolution(Libc.ClockMonotonic, out Libc.Timespec resolution); // cannot fail with this clock
        return (resolution.Seconds * 1_000_000_000) + resolution.Nanoseconds;
    }

    private static LatencySummary MeasureJitter()
    {
        RealTimeThread.TryPromote(lockMemory: false);
        var clock = new MonotonicClock();
        var histogram = new LatencyHistogram();
        long start = clock.Now;
        for (int n = 1; n <= Samples; n++)
        {
            long deadline = start + (n * SampleInterval);
            clock.SleepUntil(deadline);
            histogram.Record(clock.Now - deadline);
        }
        return histogram.Summary();
    }

    private static bool CanOpen(string path)
    {
        const int readAndWrite = 6; // R_OK | W_OK
        return Libc.Access(path, readAndWrite) == 0;
    }

    /// <summary>Runs something that changes its thread's scheduling on a thread that ends with it.</summary>
    private static T OnScratchThread<T>(Func<T> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();
}
