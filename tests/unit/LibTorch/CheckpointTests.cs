using System.Text;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Legato.Tests.LibTorch;

/// <summary>Checkpoints in TorchSharp's framing, byte for byte.</summary>
public sealed class CheckpointTests : LibTorchTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("legato-torch").FullName;

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void TheFramingIsTorchSharps()
    {
        using var net = new Small();
        using var stream = new MemoryStream();

        net.save(stream);

        Assert.Equal(Golden(), stream.ToArray());
    }

    [Fact]
    public void GoldenBytesAreRead()
    {
        using var net = new Small();
        net.weight.detach().fill_(9);
        net.count.fill_(9);

        net.load(new MemoryStream(Golden()));

        Assert.Equal([1f, -2f], net.weight.data<float>().ToArray());
        Assert.Equal([3.0, 4, 5, 6, 7, 8], net.inner.table.data<double>().ToArray());
        Assert.Equal(300, net.count.item<long>());
        Assert.Equal([true, false], net.inner.flags.data<bool>().ToArray());
        Assert.True(net.weight.requires_grad);
    }

    [Fact]
    public void ACheckpointThatIsCutAnywhereIsRefusedAndChangesNothing()
    {
        byte[] golden = Golden();
        using var net = new Small();
        net.weight.detach().fill_(9);
        long before = Settled();
        for (int length = 0; length < golden.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => net.load(new MemoryStream(golden[..length])));
            Assert.Equal([9f, 9f], net.weight.data<float>().ToArray());
        }
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void AStreamThatCannotSeekIsReadAsWell()
    {
        string file = Path.Combine(_folder, "pipe");
        File.WriteAllBytes(file, [.. Golden(), 1, 2, 3]);
        using var net = new Small();
        net.weight.detach().fill_(9);
        using (var zipped = new System.IO.Compression.BrotliStream(new MemoryStream(Compressed(Golden())), System.IO.Compression.CompressionMode.Decompress))
            net.load(zipped);
        Assert.Equal([1f, -2f], net.weight.data<float>().ToArray());

        using FileStream stream = File.OpenRead(file);
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        net.load(reader);
        Assert.Equal(1, reader.ReadByte());

        static byte[] Compressed(byte[] bytes)
        {
            using var target = new MemoryStream();
            using (var zip = new System.IO.Compression.BrotliStream(target, System.IO.Compression.CompressionMode.Compress))
                zip.Write(bytes);
            return target.ToArray();
        }
    }

    [Theory]
    [InlineData("01 01 61 06 01 FF FF FF FF FF FF FF FF 7F 00")]
    [InlineData("01 01 61 08 00 00 00 00 00")]
    [InlineData("01 01 61 0E 00 00 00 00 00")]
    [InlineData("01 01 61 06 41")]
    [InlineData("01 FF FF FF FF 0F")]
    [InlineData("FF FF FF FF FF FF")]
    [InlineData("01 01 61 06 01 FF FF FF FF FF FF FF FF FF FF FF")]
    [InlineData("02 01 61 06 00 00 00 00 00 01 61 06 00 00 00 00 00")]
    public void DamagedBytesAreRefused(string hex)
    {
        using var net = new Small();
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.Throws<InvalidDataException>(() => net.load(new MemoryStream(bytes), strict: false));
    }

    [Fact]
    public void AnyByteThatIsDamagedIsAnErrorOrANumber()
    {
        byte[] golden = Golden();
        var random = new Random(4);
        using var net = new Small();
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. golden];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Exception? e = Record.Exception(() => net.load(new MemoryStream(bytes)));
            Assert.True(e is null or InvalidDataException or ArgumentException, e?.ToString());
        }
    }

    [Fact]
    public void NamesMustFitUnlessToldOtherwise()
    {
        using var net = new Small();
        using var stream = new MemoryStream();
        net.save(stream, skip: ["inner.flags"]);
        using var other = new Small();
        other.weight.detach().fill_(9);
        other.inner.flags.fill_(true);

        Assert.Throws<ArgumentException>(() => other.load(new MemoryStream(stream.ToArray())));
        Assert.Equal(9f, other.weight.data<float>()[0]);
        other.load(new MemoryStream(stream.ToArray()), strict: false, skip: ["weight"]);

        Assert.Equal(9f, other.weight.data<float>()[0]);
        Assert.Equal([true, true], other.inner.flags.data<bool>().ToArray());
        Assert.Equal(300, other.count.item<long>());
    }

    [Fact]
    public void FilesAreReplacedAsAWhole()
    {
        string file = Path.Combine(_folder, "net.dat");
        using var net = new Small();

        Assert.Same(net, net.save(file));
        net.save(file);

        Assert.Equal(Golden(), File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
        net.weight.detach().fill_(9);
        Assert.Same(net, net.load(file));
        Assert.Equal([1f, -2f], net.weight.data<float>().ToArray());
        Assert.Throws<FileNotFoundException>(() => net.load(file + "x"));
    }

    [Fact]
    public void ViewsAreWrittenInOrder()
    {
        using var net = new Small();
        net.inner.table.copy_(tensor([3.0, 6, 4, 7, 5, 8]).reshape(3, 2).t());
        using var stream = new MemoryStream();

        net.save(stream);

        Assert.Equal(Golden(), stream.ToArray());
    }

    // A count; then name, type, sizes, elements.
    private static byte[] Golden() =>
    [
        4,
        6, .. "weight"u8, 6, 1, 2, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0,
        5, .. "count"u8, 4, 0, 0x2C, 0x01, 0, 0, 0, 0, 0, 0,
        11, .. "inner.table"u8, 7, 2, 2, 3,
        0, 0, 0, 0, 0, 0, 0x08, 0x40, 0, 0, 0, 0, 0, 0, 0x10, 0x40, 0, 0, 0, 0, 0, 0, 0x14, 0x40,
        0, 0, 0, 0, 0, 0, 0x18, 0x40, 0, 0, 0, 0, 0, 0, 0x1C, 0x40, 0, 0, 0, 0, 0, 0, 0x20, 0x40,
        11, .. "inner.flags"u8, 11, 1, 2, 1, 0,
    ];

    private sealed class Small : nn.Module<Tensor, Tensor>
    {
        public readonly Parameter weight = new(tensor([1f, -2f]));
        public readonly Tensor count = tensor(300L);
        public readonly Inner inner = new();

        public Small()
            : base(nameof(Small)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input * weight;
    }

    private sealed class Inner : nn.Module<Tensor, Tensor>
    {
        public readonly Tensor table = arange(3, 9, dtype: float64).reshape(2, 3);
        public readonly Tensor flags = tensor([true, false]);

        public Inner()
            : base(nameof(Inner)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input;
    }
}
