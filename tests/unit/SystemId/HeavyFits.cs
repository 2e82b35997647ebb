namespace Legato.Tests.SystemId;

/// <summary>Tests that use every core on their own: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class HeavyFits
{
    public const string Name = "fits of recorded motion";
}
