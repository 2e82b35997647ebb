using System.Globalization;
using Legato.RobotDriver;
using Legato.Runtime.Recording.Mcap;

namespace Legato.Runtime.Recording;

/// <summary>Writes the messages of a run to an MCAP file, on a thread of its own, so that nothing waits for the disk.</summary>
/// <remarks>
/// Life: <see cref="AddStream"/> for each topic, <see cref="Start"/>, then each stream's one producer writes, and
/// <see cref="Complete"/> ends the file. The disk has everything older than <see cref="FlushPeriod"/>, whatever kills the process.
/// When the disk fails, recording stops, <see cref="Failure"/> says why, and what was on the disk stays readable.
/// </remarks>
public sealed class Recorder : IDisposable
{
    /// <summary>The metadata record with the offset between the clocks: <c>offset_ns</c>, <c>uncertainty_ns</c>.</summary>
    public const string ClockMetadata = "legato.clock";

    /// <summary>The metadata record with the counts per topic: <c>"recorded lost"</c>. The last one in a file counts.</summary>
    public const string StreamsMetadata = "legato.streams";

    /// <summary>How often the streams are emptied.</summary>
    public static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>How often the file is brought up to date on the disk: half of the second that a cut may cost.</summary>
    public static readonly TimeSpan FlushPeriod = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly LogClock _clock;
    private readonly TimeProvider _time;
    private readonly McapWriter _writer;
    private readonly List<RecordingStream> _streams = [];
    private readonly AutoResetEvent _tick = new(initialState: false);
    private readonly Thread _thread;
    private ITimer? _timer;
    private long _lastFlush;
    private long _reportedLosses;
    private volatile bool _stopping;
    private volatile Exception? _failure;
    private bool _completed;

    /// <summary>Writes the head of a recording.</summary>
    /// <param name="stream">Where to; owned from here on.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="clock">How the log times derive from the clock of the run.</param>
    /// <param name="time">Paces draining and flushing.</param>
    public Recorder(Stream stream, string name, LogClock clock, TimeProvider time)
    {
        _name = name;
        _clock = clock;
        _time = time;
        _writer = new McapWriter(stream);
        _thread = new Thread(Run) { Name = "recorder", IsBackground = true };
    }

    /// <summary>Why recording stopped; null as long as it has not. Poll it: a run without a recording should not go on.</summary>
    public Exception? Failure => _failure;

    /// <summary>
    /// Messages in the file and messages lost, per topic. While recording, lost are those that found no room; after the end also
    /// those that never reached the disk.
    /// </summary>
    public IReadOnlyList<StreamLoss> Losses => [.. _streams.Select(Count)];

    /// <summary>Creates the file of a recording.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">How the log times derive from the clock of the run.</param>
    /// <param name="time">Paces draining and flushing.</param>
    /// <param name="disk">Puts a disk of another behaviour between; null for the file as it is.</param>
    /// <exception cref="InputException">The file exists or cannot be created.</exception>
    public static Recorder Create(string path, LogClock clock, TimeProvider time, Func<Stream, Stream>? disk = null)
    {
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return new Recorder(disk is null ? file : disk(file), path, clock, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot create the recording: {error.Message}", error);
        }
    }

    /// <summary>Adds a topic, before <see cref="Start"/>.</summary>
    /// <param name="topic">Its name, for example <c>/joint_states</c>.</param>
    /// <param name="schemaName">The type of its messages, for example <c>sensor_msgs/msg/JointState</c>.</param>
    /// <param name="definition">The type's definition with everything it refers to, in MCAP's <c>ros2msg</c> convention.</param>
    /// <param name="capacity">Bytes that wait for the disk at most, a power of two; at 1 MiB a hand's joint states last for seconds.</param>
    public RecordingStream AddStream(string topic, string schemaName, string definition, int capacity = 1 << 20)
    {
        if (_timer is not null) throw new InvalidOperationException("Streams are added before the recording starts.");
        McapSchema schema = _streams.Select(stream => stream.Channel.Schema).FirstOrDefault(known => known?.Name == schemaName)
            ?? _writer.AddSchema(schemaName, definition);
        RecordingStream stream = new(_writer.AddChannel(schema, topic), capacity);
        _streams.Add(stream);
        return stream;
    }

    /// <summary>Adds named facts, before <see cref="Start"/>.</summary>
    public void AddMetadata(string name, IReadOnlyDictionary<string, string> values)
    {
        if (_timer is not null) throw new InvalidOperationException("Facts are added before the recording starts.");
        _writer.WriteMetadata(name, values);
    }

    /// <summary>Brings the head of the file to the disk and starts recording.</summary>
    /// <exception cref="InputException">The disk takes nothing.</exception>
    public void Start()
    {
        if (_timer is not null) throw new InvalidOperationException("The recording has started already.");
        Try(WriteHead);
        if (_failure is { } failure) throw new InputException($"{_name}: cannot record: {failure.Message}", failure);
        _lastFlush = _time.GetTimestamp();
        _timer = _time.CreateTimer(static tick => ((AutoResetEvent)tick!).Set(), _tick, DrainPeriod, DrainPeriod);
        _thread.Start();
    }

    /// <summary>Stops recording, writes what waits, the counts and the index, and closes the file.</summary>
    /// <returns>The final counts.</returns>
    /// <exception cref="InputException">The disk failed; the message says since when nothing is recorded.</exception>
    public IReadOnlyList<StreamLoss> Complete()
    {
        if (_timer is null || _completed) throw new InvalidOperationException("Only a started recording can be completed, once.");
        Stop();
        if (_failure is null) Try(Finish);
        _completed = true;
        _writer.Dispose();
        if (_failure is { } failure)
            throw new InputException($"{_name}: the recording stopped: {failure.Message} {Losses.Sum(stream => stream.Lost)} messages are lost, earlier ones can be read. Make room on the disk or record elsewhere.", failure);
        return Losses;
    }

    /// <summary>Closes the file; without <see cref="Complete"/> as it is, as after a cut.</summary>
    public void Dispose()
    {
        Stop();
        _completed = true;
        _writer.Dispose();
        _tick.Dispose();
    }

    private void Stop()
    {
        if (_stopping || _timer is null) return;
        foreach (RecordingStream stream in _streams) stream.Close();
        _stopping = true;
        _timer.Dispose();
        _tick.Set();
        _thread.Join();
    }

    private void Run()
    {
        while (_failure is null)
        {
            _tick.WaitOne();
            bool last = _stopping;
            Try(Drain);
            if (last) return;
        }
        foreach (RecordingStream stream in _streams) stream.Close();
    }

    private void Drain()
    {
        foreach (RecordingStream stream in _streams) stream.Drain(_writer);
        // A tick early rather than late: the next look at the clock comes one period later.
        long now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_lastFlush, now) + DrainPeriod <= FlushPeriod) return;
        _lastFlush = now;
        _writer.Flush();
        ReportNewLosses();
    }

    private void WriteHead()
    {
        _writer.WriteMetadata(ClockMetadata, new Dictionary<string, string>
        {
            ["offset_ns"] = _clock.OffsetNs.ToString(CultureInfo.InvariantCulture),
            ["uncertainty_ns"] = _clock.UncertaintyNs.ToString(CultureInfo.InvariantCulture),
        });
        _writer.Flush();
    }

    private void Finish()
    {
        _writer.Flush();
        WriteCounts();
        _writer.Finish();
    }

    // The file itself says what it lacks, also when the run is killed before its end.
    private void ReportNewLosses()
    {
        long losses = _streams.Sum(stream => stream.Refused);
        if (losses == _reportedLosses) return;
        _reportedLosses = losses;
        WriteCounts();
    }

    private void WriteCounts() => _writer.WriteMetadata(StreamsMetadata, Losses.ToDictionary(
        count => count.Stream, count => string.Create(CultureInfo.InvariantCulture, $"{count.Received} {count.Lost}")));

    private void Try(Action work)
    {
        try { work(); }
        catch (Exception error) { _failure = error; }
    }

    private StreamLoss Count(RecordingStream stream)
    {
        bool ended = _stopping || _failure is not null;
        long recorded = _writer.Written(stream.Channel);
        return new StreamLoss(stream.Topic, recorded, ended ? stream.Offered - recorded : stream.Refused);
    }
}
