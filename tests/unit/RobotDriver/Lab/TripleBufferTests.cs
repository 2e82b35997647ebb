using Legato.RobotDriver.Lab;

namespace Legato.Tests.RobotDriver.Lab;

public sealed class TripleBufferTests
{
    private sealed class Pair
    {
        public long First, Second;
    }

    [Fact]
    public void ThereIsNothingToTakeBeforeTheFirstValueAndAfterTheLast()
    {
        var buffer = new TripleBuffer<Pair>(() => new Pair());
        Assert.False(buffer.TryTake());
        buffer.Back.First = 5;
        buffer.Publish();
        Assert.True(buffer.TryTake());
        Assert.Equal(5, buffer.Current.First);
        Assert.False(buffer.TryTake());
        Assert.Equal(5, buffer.Current.First);
    }

    [Fact]
    public void OnlyTheNewestIsTaken()
    {
        var buffer = new TripleBuffer<Pair>(() => new Pair());
        for (int i = 1; i <= 10; i++)
        {
            buffer.Back.First = i;
            buffer.Publish();
        }
        Assert.True(buffer.TryTake());
        Assert.Equal(10, buffer.Current.First);
        Assert.False(buffer.TryTake());
    }

    [Fact]
    public async Task ValuesAreWholeAndInOrderWhileBothSidesRun()
    {
        const long Last = 300_000;
        var buffer = new TripleBuffer<Pair>(() => new Pair());
        Task writer = Task.Run(() =>
        {
            for (long i = 1; i <= Last; i++)
            {
                (buffer.Back.First, buffer.Back.Second) = (i, -i);
                buffer.Publish();
            }
        }, TestContext.Current.CancellationToken);
        long seen = 0;
        while (seen < Last)
        {
            if (!buffer.TryTake())
                continue;
            Assert.Equal(-buffer.Current.First, buffer.Current.Second);
            Assert.True(buffer.Current.First > seen);
            seen = buffer.Current.First;
        }
        await writer;
    }
}
