using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using Legato.Runtime.Safety;
using Legato.Sim;

using Microsoft.Win32.SafeHandles;

using Rclcs;

namespace Legato.Runtime.Watchdog;

/// <summary>Who may command the hands.</summary>
public enum CommandRight
{
    /// <summary>Nobody: nothing moves.</summary>
    Standby,

    /// <summary>The control process, which is not sending right now.</summary>
    Armed,

    /// <summary>The control process, in the middle of a send.</summary>
    Sending,

    /// <summary>The watchdog. The control process whose turn it was never gets it back.</summary>
    Deposed,
}

/// <summary>Memory that the control process and its watchdog share: signs of life, the last command, and the right to command.</summary>
/// <remarks>
/// The right is one word: the number of the turn (the fencing token) and a <see cref="CommandRight"/>, changed by compare-and-swap alone. A
/// process that was deposed holds a token that no later word has, however late it wakes up. Members of one side are for one thread;
/// they allocate nothing, take no lock and make no system call. The file lies in memory (tmpfs) where there is such a folder: a page
/// of a disk's file may be locked while it is written back.
/// </remarks>
public sealed unsafe class WatchdogPage : IDisposable
{
    /// <summary>Most actuators that fit.</summary>
    public const int MaxActuators = 64;

    private const ulong MagicNumber = 0x3130_4754_4145_4C57; // "WLEATG01", least significant byte first
    private const int Size = 8192, SlotStride = 2048, FolderRoom = 1024, HashSize = 32, RightBits = 2;

    private readonly MemoryMappedFile _file;
    private readonly SafeMemoryMappedViewHandle _view;
    private readonly Layout* _page;
    private readonly int _actuators;
    private bool _disposed;

    private WatchdogPage(string path, MemoryMappedFile file, int actuators)
    {
        (Path, _file, _actuators) = (path, file, actuators);
        // Without the accessor around it, which writes the memory back when it is disposed of: the kernel refuses that for locked pages.
        _view = file.CreateViewAccessor(0, Size).SafeMemoryMappedViewHandle;
        byte* start = null;
        _view.AcquirePointer(ref start);
        _page = (Layout*)start;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Who may command now.</summary>
    public CommandRight Right => RightOf(Volatile.Read(ref _page->Right));

    /// <summary>The watchdog's identity on the network.</summary>
    public Gid Participant => new(new ReadOnlySpan<byte>(_page->Participant, Gid.Size));

    /// <summary>Process id of the watchdog.</summary>
    public int WatchdogProcess => _page->WatchdogProcess;

    /// <summary>Process id of the control process that has attached itself; 0 for none.</summary>
    public int ControlProcess => Volatile.Read(ref _page->ControlProcess);

    /// <summary>When the watchdog last gave a sign of life, ns of the monotonic clock.</summary>
    public long WatchdogBeat => Volatile.Read(ref _page->WatchdogBeat);

    /// <summary>When the control thread last gave a sign of life, ns of the monotonic clock.</summary>
    public long ControlBeat => Volatile.Read(ref _page->ControlBeat);

    /// <summary>Beats of the control thread so far.</summary>
    public long ControlBeats => Volatile.Read(ref _page->ControlBeats);

    /// <summary>Whether the watchdog sees the hands and could take over.</summary>
    public bool IsReady
    {
        get => Volatile.Read(ref _page->Ready) != 0;
        set => Volatile.Write(ref _page->Ready, value ? 1 : 0);
    }

    /// <summary>Folder of the run that is under way, which receives the watchdog's note; empty for none. At most 1024 bytes.</summary>
    public string RunFolder
    {
        get => Encoding.UTF8.GetString(_page->Folder, Math.Clamp(Volatile.Read(ref _page->FolderLength), 0, FolderRoom));
        set
        {
            Volatile.Write(ref _page->FolderLength, 0);
            Volatile.Write(ref _page->FolderLength, Encoding.UTF8.TryGetBytes(value, new Span<byte>(_page->Folder, FolderRoom), out int length) ? length : 0);
        }
    }

    /// <summary>Path of the page of a ROS domain's watchdog on this machine.</summary>
    public static string PathOf(int domain) =>
        System.IO.Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), FormattableString.Invariant($"legato-watchdog-{domain}"));

    /// <summary>Makes a page, as the watchdog. Whoever has an older one of that path mapped keeps it, cut off from this one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="actuators">Order of commands.</param>
    /// <param name="participant">The watchdog's identity on the network.</param>
    /// <exception cref="InputException">The file cannot be made.</exception>
    public static WatchdogPage Create(string path, JointLayout actuators, Gid participant)
    {
        if (actuators.Count > MaxActuators)
            throw new InputException($"a watchdog serves up to {MaxActuators} actuators, not {actuators.Count}");
        try
        {
            File.Delete(path);
            var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var page = new WatchdogPage(path, Map(stream), actuators.Count);
            participant.CopyTo(new Span<byte>(page._page->Participant, Gid.Size));
            HashOf(actuators).CopyTo(new Span<byte>(page._page->Hash, HashSize));
            page._page->WatchdogProcess = Environment.ProcessId;
            // Last: whoever finds it finds the rest.
            Volatile.Write(ref page._page->Magic, MagicNumber);
            return page;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Opens a watchdog's page, as the control process.</summary>
    /// <param name="path">Where.</param>
    /// <param name="actuators">Order of commands.</param>
    /// <exception cref="InputException">There is none, or it is for another robot.</exception>
    public static WatchdogPage Open(string path, JointLayout actuators)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length != Size)
            {
                stream.Dispose();
                throw new InputException($"{path}: is no watchdog's page");
            }
            var page = new WatchdogPage(path, Map(stream), actuators.Count);
            bool isPage = Volatile.Read(ref page._page->Magic) == MagicNumber;
            if (isPage && HashOf(actuators).AsSpan().SequenceEqual(new ReadOnlySpan<byte>(page._page->Hash, HashSize)))
                return page;
            page.Dispose();
            throw new InputException(isPage
                ? $"{path}: that watchdog guards a robot with other actuators, or another order of them; start one with the robot's own file"
                : $"{path}: is no watchdog's page, or one of another version");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"no watchdog runs here ({e.Message}); start one with 'legato watchdog --robot <file>'", e);
        }
    }

    /// <summary>Claims the page for this process. False if another one has it.</summary>
    public bool TryAttach() => Interlocked.CompareExchange(ref _page->ControlProcess, Environment.ProcessId, 0) is 0;

    /// <summary>Frees the page of a process that has ended, as the watchdog.</summary>
    public void Evict(int process) => Interlocked.CompareExchange(ref _page->ControlProcess, 0, process);

    /// <summary>Gives the page back.</summary>
    public void Detach() => Interlocked.CompareExchange(ref _page->ControlProcess, 0, Environment.ProcessId);

    /// <summary>Begins a turn of the control process.</summary>
    /// <param name="lift">How the hands leave the keys.</param>
    /// <param name="token">What the process has to show from now on.</param>
    /// <returns>False if it is somebody else's turn.</returns>
    public bool TryArm(LiftOptions lift, out long token)
    {
        long word = Volatile.Read(ref _page->Right);
        token = TokenOf(word) + 1;
        // A watchdog that lifts reads what follows: whoever may not begin leaves it as it is.
        if (RightOf(word) != CommandRight.Standby)
            return false;
        (_page->Wrist, _page->Fingers, _page->LiftSeconds) = (lift.Wrist, lift.Fingers, lift.Duration.TotalSeconds);
        Volatile.Write(ref _page->Newest, 0);
        return TryChange(word, Word(token, CommandRight.Armed));
    }

    /// <summary>The control thread is alive.</summary>
    public void BeatAsControl(long now)
    {
        Volatile.Write(ref _page->ControlBeat, now);
        Volatile.Write(ref _page->ControlBeats, _page->ControlBeats + 1);
    }

    /// <summary>The watchdog is alive.</summary>
    public void BeatAsWatchdog(long now) => Volatile.Write(ref _page->WatchdogBeat, now);

    /// <summary>Takes the right for one command and leaves word of it. False once the turn is over.</summary>
    public bool TryBeginSend(long token, ReadOnlySpan<double> command, ReadOnlySpan<double> velocity)
    {
        if (!TryChange(Word(token, CommandRight.Armed), Word(token, CommandRight.Sending)))
            return false;
        // Two places in turn: the newest complete command can be read at any time, even if this process ends in this very line.
        long next = _page->Newest + 1;
        double* slot = Slot(next);
        command.CopyTo(new Span<double>(slot, _actuators));
        velocity.CopyTo(new Span<double>(slot + MaxActuators, _actuators));
        Volatile.Write(ref _page->Newest, next);
        return true;
    }

    /// <summary>Gives the right back after a command.</summary>
    public void EndSend(long token) => TryChange(Word(token, CommandRight.Sending), Word(token, CommandRight.Armed));

    /// <summary>Ends a turn as it should end; without effect on one that has been ended.</summary>
    public void Release(long token) => TryChange(Word(token, CommandRight.Armed), Word(token, CommandRight.Standby));

    /// <summary>Takes the right away from the control process, as the watchdog.</summary>
    /// <returns>What it was doing: one that was sending may have half a command in its hands, and must not go on.</returns>
    public CommandRight Depose()
    {
        while (true)
        {
            long word = Volatile.Read(ref _page->Right);
            if (RightOf(word) is CommandRight.Standby or CommandRight.Deposed || TryChange(word, Word(TokenOf(word), CommandRight.Deposed)))
                return RightOf(word);
        }
    }

    /// <summary>Whether this turn has sent anything that moves: its first command holds the hands where they are.</summary>
    public bool HasMoved => Volatile.Read(ref _page->Newest) > 1;

    /// <summary>Reads the newest command. False if there was none in this turn.</summary>
    public bool TryReadCommand(Span<double> command, Span<double> velocity)
    {
        long newest = Volatile.Read(ref _page->Newest);
        double* slot = Slot(newest);
        new ReadOnlySpan<double>(slot, _actuators).CopyTo(command);
        new ReadOnlySpan<double>(slot + MaxActuators, _actuators).CopyTo(velocity);
        return newest > 0;
    }

    /// <summary>How the control process wants the hands to leave the keys.</summary>
    public LiftOptions ReadLift() => new() { Wrist = _page->Wrist, Fingers = _page->Fingers, Duration = TimeSpan.FromSeconds(_page->LiftSeconds) };

    /// <summary>Lets go of the memory; the file stays until its watchdog removes it.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static MemoryMappedFile Map(FileStream stream) =>
        MemoryMappedFile.CreateFromFile(stream, mapName: null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);

    private static byte[] HashOf(JointLayout layout) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', layout.Names.Zip(layout.Units, (name, unit) => $"{name} {unit}"))));

    private static CommandRight RightOf(long word) => (CommandRight)(word & ((1 << RightBits) - 1));

    private static long TokenOf(long word) => word >> RightBits;

    private static long Word(long token, CommandRight right) => (token << RightBits) | (long)right;

    private bool TryChange(long from, long to) => Interlocked.CompareExchange(ref _page->Right, to, from) == from;

    private double* Slot(long number) => (double*)((byte*)_page + Unsafe.SizeOf<Layout>() + ((number & 1) * SlotStride));

    // What each side writes has a cache line of its own.
    [StructLayout(LayoutKind.Explicit, Size = 2048)]
    private struct Layout
    {
        [FieldOffset(0)] public ulong Magic;
        [FieldOffset(8)] public int WatchdogProcess;
        [FieldOffset(12)] public int Ready;
        [FieldOffset(16)] public fixed byte Participant[Gid.Size];
        [FieldOffset(32)] public fixed byte Hash[HashSize];
        [FieldOffset(64)] public long WatchdogBeat;
        [FieldOffset(128)] public long ControlBeat;
        [FieldOffset(136)] public long ControlBeats;
        [FieldOffset(144)] public int ControlProcess;
        [FieldOffset(192)] public long Right;
        [FieldOffset(256)] public long Newest;
        [FieldOffset(320)] public double Wrist;
        [FieldOffset(328)] public double Fingers;
        [FieldOffset(336)] public double LiftSeconds;
        [FieldOffset(384)] public int FolderLength;
        [FieldOffset(388)] public fixed byte Folder[FolderRoom];
    }
}
