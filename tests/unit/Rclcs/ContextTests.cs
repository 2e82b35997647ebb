using Rclcs;
using Rclcs.Messages.StdMsgs;
using Rclcs.Native;

namespace Legato.Tests.Rclcs;

public sealed class ContextTests : IDisposable
{
    private readonly TestDomain _domain = TestDomain.Lease();

    private int Domain => _domain.Id;

    public void Dispose() => _domain.Dispose();

    [Fact]
    public void AnUnknownInterfaceIsNamedWithTheOnesThereAre()
    {
        var error = Assert.Throws<RclcsException>(() => new Context(new ContextOptions { DomainId = Domain, Interface = "eth<9>" }));
        Assert.Contains("'eth<9>'", error.Message, StringComparison.Ordinal);
        Assert.Contains("lo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADomainIsUsedOnOneInterfaceAtATime()
    {
        using var context = new Context(new ContextOptions { DomainId = Domain });
        var error = Assert.Throws<RclcsException>(() => new Context(new ContextOptions { DomainId = Domain, Interface = null }));
        Assert.Contains($"domain {Domain}", error.Message, StringComparison.Ordinal);
        Assert.Contains("'lo'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ContextsCanComeAndGo()
    {
        var received = new Float64();
        for (int i = 0; i < 20; i++)
        {
            using var context = new Context(new ContextOptions { DomainId = Domain });
            Node node = context.CreateNode("again");
            Publisher<Float64> publisher = node.CreatePublisher<Float64>("again");
            Subscription<Float64> subscription = node.CreateSubscription<Float64>("again");
            publisher.Publish(new Float64 { Data = i });
            Assert.True(subscription.TryTake(received, out _));
            Assert.Equal(i, received.Data);
        }
    }

    [Fact]
    public void ADisposedContextSaysSo()
    {
        var context = new Context(new ContextOptions { DomainId = Domain });
        Node node = context.CreateNode("early");
        context.Dispose();
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => context.CreateNode("late"));
        Assert.Throws<ObjectDisposedException>(() => node.CreatePublisher<Bool>("late"));
    }

    [Fact]
    public void BadNamesAreRefusedAtTheDoor()
    {
        using var context = new Context(new ContextOptions { DomainId = Domain });
        Assert.Throws<InvalidNameException>(() => context.CreateNode("no-dashes"));
        Assert.Throws<InvalidNameException>(() => context.CreateNode("name", "relative"));
        using Node node = context.CreateNode("name");
        Assert.Throws<InvalidNameException>(() => node.CreatePublisher<Bool>("no dashes"));
        Assert.Throws<InvalidNameException>(() => node.CreateSubscription<Bool>(""));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libddsc.so.0.10.2", "0.10.2")]
    [InlineData("/opt/ros/humble/lib/libddsc.so.0.9.1", "0.9.1")]
    [InlineData("/usr/lib/libddsc.so.11.0.1", "11.0.1")]
    [InlineData("libddsc.so.0debian", null)]
    [InlineData("/usr/lib/libddsc.so", null)]
    public void TheVersionIsReadFromTheFileName(string path, string? version) =>
        Assert.Equal(version, Library.VersionOf(path)?.ToString());

    [Fact]
    public void AMissingLibraryIsReportedWithWhatToInstall()
    {
        var error = Assert.Throws<LibraryException>(() => Library.Load("libddsc.so.nowhere"));
        Assert.Contains("libddsc.so.nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libddsc0debian", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALibraryThatIsNotCyclone010IsRefused()
    {
        var error = Assert.Throws<LibraryException>(() => Library.Load("libc.so.6"));
        Assert.Contains("not Cyclone DDS 0.10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailureOfDdsNamesItsReturnCode()
    {
        var error = new RclcsException("cannot publish on /a [b]", DdsReturnCode.Timeout);
        Assert.Equal("cannot publish on /a [b]: DDS says Timeout", error.Message);
        Assert.Equal(DdsReturnCode.Timeout, error.Code);
    }
}
