using System.Globalization;
using System.Text;

using Legato.Music;
using Legato.RobotDriver.Configuration;
using Legato.RobotDriver.Lab;
using Legato.Runtime.Experiments;
using Legato.Runtime.Hil;
using Legato.Runtime.Recording;
using Legato.Runtime.Recording.Mcap;
using Legato.Sim.Configuration;
using Legato.Sim.Parameters;
using Legato.Tests.Music;
using Legato.Tests.Recording;
using Legato.Tests.Runtime;

using Rclcs;
using Rclcs.Messages.SensorMsgs;
using Rclcs.Messages.TrajectoryMsgs;

namespace Legato.Tests.Fuzz;

/// <summary>
/// Whatever bytes come from a file, a wire or a cable: reading ends, in a result or in the one documented exception, and keeps no memory.
/// </summary>
/// <remarks>
/// <c>LEGATO_FUZZ_BYTES=10000000 ./legato test unit -class "*ReaderFuzzTests"</c> reads that many bytes per reader; the default is what fits
/// into every run of the tests.
/// </remarks>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReaderFuzzTests : IDisposable
{
    private const string Name = "fuzz";
    private const long DefaultBytes = 200_000, BytesPerByte = 4000, FixedBytes = 4 << 20, Growth = 8 << 20;
    private const int LongestNoise = 400;

    private static readonly long Budget = long.TryParse(Environment.GetEnvironmentVariable("LEGATO_FUZZ_BYTES"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : DefaultBytes;

    private readonly string _folder = Directory.CreateTempSubdirectory("legato-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Midi_files() => Try(SongFiles(), bytes =>
    {
        using var stream = new MemoryStream(bytes);
        Score.FromMidi(MidiFile.Read(stream, new ReadingSettings()), "fuzz");
    });

    [Fact]
    public void Midi_cables()
    {
        // One parser for all: a cable has no end.
        var parser = new LiveMidiParser();
        var held = new HeldNotes();
        Try([[0x90, 60, 64, 62, 64, 0xFE, 0x80, 60, 0, 0xB0, 123, 0]], bytes =>
        {
            foreach (byte value in bytes)
            {
                if (parser.TryParse(value, 0, out LiveMidiEvent e))
                    held.Apply(e);
            }
            Assert.InRange(held.Count, 0, 16 * 128);
        });
    }

    [Fact]
    public void Ros_messages()
    {
        var states = new JointState { Name = { "rh_FFJ1", "rh_FFJ2" }, Position = { 0.1, 0.2 }, Velocity = { 0, 0 } };
        var trajectory = new JointTrajectory { JointNames = { "rh_FFJ1" }, Points = { new JointTrajectoryPoint { Positions = { 0.5 } } } };
        (JointState intoStates, JointTrajectory intoTrajectory) = (new(), new());
        Try([Encode(states), Encode(trajectory)], bytes =>
        {
            Refused<CdrException>(() => Cdr.Deserialize(bytes, intoStates));
            Refused<CdrException>(() => Cdr.Deserialize(bytes, intoTrajectory));
        });
    }

    [Fact]
    public void Lines_of_a_rail() => Try([.. ((string[])["1.25 -0.5", "0x1F*12", "-3e-2 4*97", "8", "7.0 0.1"]).Select(Encoding.ASCII.GetBytes)], bytes =>
    {
        foreach (bool checksum in (bool[])[false, true])
        {
            if (OdriveProtocol.TryParseFeedback(bytes, checksum, out double turns, out double velocity))
                Assert.True(double.IsFinite(turns) && double.IsFinite(velocity));
            if (OdriveProtocol.TryParseNumber(bytes, checksum, out double number))
                Assert.True(double.IsFinite(number));
            OdriveProtocol.TryParseInteger(bytes, checksum, out _);
        }
    });

    [Fact]
    public void Parameters_and_robots_and_scenarios_in_yaml()
    {
        string file = Path.Combine(_folder, "fuzz.yaml");
        string[] seeds =
        [
            Path.Combine(Repository.Root, "hardware", "config", "robots", "lab.yaml"), Path.Combine(Repository.Root, "hardware", "config", "robots", "sim.yaml"),
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "hardware", "config", "scenarios"), "*.yaml").Order(StringComparer.Ordinal).First(),
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "hardware", "config", "realities"), "*.yaml").Order(StringComparer.Ordinal).First(),
        ];
        Try([.. seeds.Select(File.ReadAllBytes)], bytes =>
        {
            File.WriteAllBytes(file, bytes);
            RequireOneLine(Refused<InputException>(() => RobotConfiguration.Load(file)));
            RequireOneLine(Refused<InputException>(() => SimParameters.Load(file)));
            RequireOneLine(Refused<InputException>(() => ScenarioReader.Read(file)));
        });
    }

    [Fact]
    public void Recordings() => Try([new Sample().Bytes], bytes =>
    {
        Refused<InputException>(() => ReadAll(McapReader.Open(new MemoryStream(bytes), "fuzz.mcap")));
        Refused<InputException>(() => ReadAll(McapReader.Salvage(new MemoryStream(bytes), "fuzz.mcap")));
    });

    [Fact]
    public void Folders_of_runs()
    {
        (string summary, string recording) = (Path.Combine(_folder, "run.json"), Path.Combine(_folder, RunFolder.RecordingFile));
        byte[] mcap = new Sample().Bytes;
        bool isSummary = false;
        Try([Encoding.UTF8.GetBytes("""{"state": "complete", "song": "twinkle", "lead_in": 20, "loop": {"cycles": 3}}"""), mcap], bytes =>
        {
            isSummary = !isSummary;
            File.WriteAllBytes(summary, isSummary ? bytes : """{"state": "complete"}"""u8.ToArray());
            File.WriteAllBytes(recording, isSummary ? mcap : bytes);
            Refused<InputException>(() => RecordedRun.Read(RunFolder.Open(_folder)));
        });
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 100_000)]
    [InlineData("{a: ", 100_000)]
    public void Yaml_nested_without_end(string opening, int times) =>
        RequireOneLine(Assert.ThrowsAny<InputException>(() => StrictYaml.Parse(string.Concat(Enumerable.Repeat(opening, times)), "deep.yaml")));

    private static void ReadAll(McapReader reader)
    {
        using (reader)
        {
            foreach (McapMessage message in reader.Read())
                _ = message.Data.Length;
            _ = reader.Metadata.Count;
        }
    }

    private static void RequireOneLine(Exception? refusal)
    {
        if (refusal is not null)
            Assert.DoesNotContain('\n', refusal.Message);
    }

    /// <summary>Runs an action that may be refused in one way only.</summary>
    private static TRefusal? Refused<TRefusal>(Action action)
        where TRefusal : Exception
    {
        try
        {
            action();
            return null;
        }
        catch (TRefusal refusal)
        {
            return refusal;
        }
    }

    private static byte[] Encode<T>(T message)
        where T : class, IMessage<T>, new()
    {
        var bytes = new byte[Cdr.Measure(message)];
        Cdr.Serialize(message, bytes);
        return bytes;
    }

    private static byte[][] SongFiles() => [.. Directory.EnumerateFiles(Reference.Songs, "*.mid").Order(StringComparer.Ordinal).Take(4).Select(File.ReadAllBytes)];

    /// <summary>Reads noise and damaged copies of good inputs until the budget is spent.</summary>
    private static void Try(byte[][] good, Action<byte[]> read)
    {
        var random = new Random((int)PropertyTests.Seed);
        foreach (byte[] input in good)
            Once(input, read);
        long kept = 0;
        bool isWarm = false;
        for (long spent = 0; spent < Budget;)
        {
            byte[] input = random.Next(3) == 0 ? Noise(random) : Damage(good[random.Next(good.Length)], random);
            Once(input, read);
            spent += input.Length;
            if (!isWarm && spent >= Budget / 2)
                (isWarm, kept) = (true, GC.GetTotalMemory(forceFullCollection: true));
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - kept, long.MinValue, Growth);
    }

    private static void Once(byte[] input, Action<byte[]> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(input);
        }
        catch (InputException)
        {
            // Refused, as documented.
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.GetType().Name} on {input.Length} bytes: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 4000)))}", e);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FixedBytes + (BytesPerByte * input.Length));
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, LongestNoise)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.InsertRange(at, Enumerable.Repeat((byte)(random.Next(2) * 255), length)); break;
            }
        }
        return [.. bytes];
    }
}
