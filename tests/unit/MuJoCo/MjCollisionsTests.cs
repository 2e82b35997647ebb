using FsCheck.Fluent;

using MuJoCo;

namespace Legato.Tests.MuJoCo;

/// <summary>Passing over separated pairs changes no contact.</summary>
public sealed class MjCollisionsTests : IDisposable
{
    private readonly bool _before = MjCollisions.SkipsSeparatedPairs;

    // Every pair of primitives, near enough to touch often.
    private static string Heap(double margin) => FormattableString.Invariant($"""
        <mujoco>
          <option gravity="0 0 0"><flag filterparent="disable"/></option>
          <default><geom margin="{margin}"/></default>
          <size nconmax="500" njmax="2000"/>
          <worldbody>
            {string.Concat(Enumerable.Range(0, 3).SelectMany(_ => new[]
            {
                "<body><freejoint/><geom type='box' size='0.1 0.02 0.03'/></body>", "<body><freejoint/><geom type='capsule' size='0.02 0.06'/></body>",
                "<body><freejoint/><geom type='cylinder' size='0.03 0.05'/></body>", "<body><freejoint/><geom type='sphere' size='0.04'/></body>",
            }))}
          </worldbody>
        </mujoco>
        """);

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void ContactsAreTheSameBitForBit(double margin)
    {
        using MjModel model = MjModel.FromXmlString(Heap(margin));
        using var data = new MjData(model);
        int contacts = 0;
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            for (int b = 0; b < model.NBody - 1; b++)
            {
                Span<double> pose = data.Qpos.Slice(7 * b, 7);
                for (int i = 0; i < 7; i++)
                    pose[i] = i < 3 ? 0.35 * random.NextDouble() : random.NextDouble() - 0.5;
            }
            data.Forward();
            double[] plain = Contacts(false), filtered = Contacts(true);
            contacts += plain.Length;
            Assert.Equal(plain, filtered);
        }).Holds(300);
        Assert.True(contacts > 1000, "the heap hardly touches");

        double[] Contacts(bool skips)
        {
            MjCollisions.SkipsSeparatedPairs = skips;
            // Not the whole of Forward: it normalises quaternions each time, which changes last bits.
            data.Collision();
            return [.. data.Contacts.ToArray().SelectMany(c => (double[])[c.Geom1, c.Geom2, c.Dist, c.Pos[0], c.Pos[1], c.Pos[2], c.Frame[0], c.Frame[1], c.Frame[2]])];
        }
    }

    public void Dispose() => MjCollisions.SkipsSeparatedPairs = _before;
}
