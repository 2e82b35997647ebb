using Legato.Policy.Learning;
using Legato.Policy.Learning.Td3;
using Legato.Policy.Networks;

namespace Legato.Tests.Policy.Learning;

/// <summary>TD3 on problems whose answers are known.</summary>
[Collection("libtorch")]
public sealed class Td3AgentTests
{
    private static readonly Td3Options Small = new()
    {
        WarmUp = 64,
        Hidden = [32, 32],
        Minibatch = 64,
        Discount = 0,
        Dropout = 0.01,
        UpdatesPerTransition = 4,
        ActorDelay = 2,
        LargestValue = 2,
        LearningRate = 3e-3,
    };

    // The best action is what is observed.
    [Fact]
    public void ItFindsTheActionThatEarnsMost()
    {
        using Td3Agent agent = Taught(Small, seed: 1);
        float[] action = new float[2];
        double worst = 0;
        foreach ((float x, float y) in new[] { (0.5f, -0.5f), (-0.4f, 0.2f), (0f, 0.6f) })
        {
            agent.Act([x, y], action);
            worst = Math.Max(worst, Math.Max(Math.Abs(action[0] - x), Math.Abs(action[1] - y)));
        }
        Assert.True(worst < 0.25, $"{worst}");
    }

    // What earns reward is not this action but where the next decision stands: the discount carries it back.
    [Fact]
    public void RewardsThatComeLaterCount()
    {
        using var agent = new Td3Agent(2, 1, Small with { Discount = 0.9 }, 1);
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            float a = (2 * random.NextSingle()) - 1;
            agent.Add([1, 0], [a], 0, [0, a], isLast: false);
            float b = (2 * random.NextSingle()) - 1;
            agent.Add([0, a], [b], 0.5f * (1 + a), [1, 0], isLast: true);
            agent.Learn(TestContext.Current.CancellationToken);
        }
        float[] action = new float[1];
        agent.Act([1, 0], action);
        Assert.True(action[0] > 0.5, $"{action[0]}");
    }

    [Fact]
    public void TheSameSeedGivesTheSamePolicyAndItsExportDoesTheSame()
    {
        using Td3Agent one = Taught(Small, seed: 3, transitions: 100), two = Taught(Small, seed: 3, transitions: 100), other = Taught(Small, seed: 4, transitions: 100);
        float[] a = new float[2], b = new float[2], c = new float[2], exported = new float[2];
        one.Act([0.3f, -0.7f], a);
        two.Act([0.3f, -0.7f], b);
        other.Act([0.3f, -0.7f], c);
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
        FeedForwardNetwork network = one.Export().Build("test");
        network.Evaluate([0.3f, -0.7f], exported);
        Assert.Equal(a[0], exported[0], 1e-5f);
        Assert.Equal(a[1], exported[1], 1e-5f);
    }

    [Fact]
    public void NothingIsLearntBeforeTheWarmUpAndABrokenRewardIsNamed()
    {
        using var agent = new Td3Agent(1, 1, Small with { WarmUp = 3, Minibatch = 4 }, 1);
        agent.Add([0], [0], 0, [0], isLast: true);
        Assert.True(double.IsNaN(agent.Learn(TestContext.Current.CancellationToken)));
        agent.Add([0], [0], float.NaN, [0], isLast: true);
        agent.Add([0], [0], 0, [0], isLast: true);
        Assert.Contains("after 3 transitions", Assert.Throws<LearningException>(() => agent.Learn(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    private static Td3Agent Taught(Td3Options options, ulong seed, int transitions = 400)
    {
        var agent = new Td3Agent(2, 2, options, seed);
        var random = new Random(1);
        for (int i = 0; i < transitions; i++)
        {
            float[] seen = [(2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1], done = [(2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1];
            double reward = 2 - Math.Abs(done[0] - seen[0]) - Math.Abs(done[1] - seen[1]);
            agent.Add(seen, done, (float)Math.Max(0, reward), seen, isLast: true);
            if (i % 50 == 49)
                agent.Learn(CancellationToken.None);
        }
        return agent;
    }
}
