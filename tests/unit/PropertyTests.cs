using FsCheck;
using FsCheck.Fluent;

namespace Legato.Tests;

/// <summary>How properties are tried: on the same inputs every time, so that a red run is red again; <c>LEGATO_TEST_SEED=&lt;number&gt;</c> tries others.</summary>
internal static class PropertyTests
{
    /// <summary>What every draw begins from.</summary>
    public static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("LEGATO_TEST_SEED"), out ulong seed) ? seed : 1;

    /// <summary>Throws with the smallest counterexample found if the property does not hold.</summary>
    public static void Holds(this Property property, int tries = 100) =>
        // The second number of a FsCheck seed must be odd.
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(tries).WithReplay(Seed, 1));
}
